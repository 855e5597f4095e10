{%- set metrics = post_metrics() + ["reach"] -%}
{%- set descriptions = [
    "profile_id",
    "profile_name",
    "posted_at",
    "posted_on",
    "post_type",
    "permalink",
    "body",
    "publisher",
    "campaign",
] -%}

with
    network_aliases as (select * from {{ ref("network_aliases") }}),

    fed as (
        {% for source in var("audience")["posts"] %}
            select
                source,
                lower(network) as network_word,
                natural_post_id,
                snapshot_at,
                {% for name in descriptions -%} {{ name }}, {% endfor %}
                is_boosted,
                {% for metric in metrics -%}
                    cast({{ metric }} as bigint) as {{ metric }},
                {% endfor %}
                {{ loop.index }} as source_rank
            from {{ ref("int_" ~ source ~ "_posts") }}
            where natural_post_id is not null
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    -- A network that no alias names keeps its own word: a new network works from its first day.
    named as (
        select fed.*, coalesce(network_aliases.network, fed.network_word, 'unknown') as network
        from fed
        left join network_aliases on network_aliases.alias = fed.network_word
    ),

    -- What one file of an export lacks another of the same instant may know.
    final as (
        select
            {{ surrogate_key(["source", "network", "natural_post_id", "snapshot_at"]) }}
            as post_snapshot_key,
            {{ surrogate_key(["network", "natural_post_id"]) }} as post_key,
            source,
            source_rank,
            network,
            natural_post_id,

            snapshot_at,

            {% for name in descriptions -%} max({{ name }}) as {{ name }}, {% endfor %}
            max(cast(is_boosted as integer)) = 1 as is_boosted,

            {% for metric in metrics -%}
                max({{ metric }}) as {{ metric }} {%- if not loop.last %},{% endif %}
            {% endfor %}
        from named
        group by source, source_rank, network, natural_post_id, snapshot_at
    )

select *
from final
