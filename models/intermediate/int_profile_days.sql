{%- set followers = ["followers", "followers_gained", "followers_lost"] -%}
{%- set metrics = followers + profile_metrics() -%}

with
    network_aliases as (select * from {{ ref("network_aliases") }}),

    fed as (
        {% for source in var("audience")["profile_days"] %}
            select
                source,
                lower(network) as network_word,
                profile_id,
                profile_name,
                metric_on,
                day_zone,
                exported_at,
                {% for metric in metrics -%}
                    cast({{ metric }} as bigint) as {{ metric }},
                {% endfor %}
                {{ loop.index }} as source_rank
            from {{ ref("int_" ~ source ~ "_profile_days") }}
            where metric_on is not null
            {% if not loop.last %}
                union all
            {% endif %}
        {% else %}
            select
                {% for name in ["source", "network_word", "profile_id", "profile_name"] -%}
                    cast(null as {{ dbt.type_string() }}) as {{ name }},
                {% endfor %}
                cast(null as date) as metric_on,
                cast(null as {{ dbt.type_string() }}) as day_zone,
                cast(null as timestamp) as exported_at,
                {% for metric in metrics -%} cast(null as bigint) as {{ metric }},
                {% endfor %}
                1 as source_rank
            where false
        {% endfor %}
    ),

    named as ({{ named_profiles("fed") }}),

    -- What one file of an export lacks another of the same instant may know.
    exported as (
        select
            source,
            source_rank,
            network,
            known_profile_id as profile_id,
            metric_on,
            exported_at,
            max(profile_name) as profile_name,
            max(day_zone) as day_zone,
            {% for metric in metrics -%}
                max({{ metric }}) as {{ metric }} {%- if not loop.last %},{% endif %}
            {% endfor %}
        from named
        group by source, source_rank, network, known_profile_id, metric_on, exported_at
    ),

    -- A day is told by the first source of the list that has it, as its latest export has it.
    ordered as (
        select
            *,
            {% for metric in metrics -%}
                {{
                    previous_known(
                        metric, "network, profile_id, metric_on, source_rank", "exported_at"
                    )
                }} as previous_{{ metric }},
            {% endfor -%}
            row_number() over (
                partition by network, profile_id, metric_on order by source_rank, exported_at desc
            ) as preference
        from exported
    ),

    -- Days add up on their own, so each metric of a day may have a teller of its own.
    told as (
        select
            network,
            profile_id,
            metric_on,
            min_by(source, preference) as source,
            min_by(
                profile_name, case when profile_name is not null then preference end
            ) as profile_name,
            min_by(day_zone, case when day_zone is not null then preference end) as day_zone,
            min_by(exported_at, preference) as exported_at,
            count(*) filter (
                where
                    {% for metric in metrics -%}
                        {{ metric }} - previous_{{ metric }} < -0.02 * previous_{{ metric }}
                        {%- if not loop.last %} or {% endif %}
                    {% endfor %}
            )
            > 0 as is_restatement,
            {% for metric in metrics -%}
                min_by(
                    {{ metric }}, case when {{ metric }} is not null then preference end
                ) as {{ metric }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from ordered
        group by network, profile_id, metric_on
    ),

    final as (
        select
            {{ surrogate_key(["network", "profile_id", "metric_on"]) }} as profile_day_key,
            {{ surrogate_key(["network", "profile_id"]) }} as profile_key,
            network,
            profile_id,
            profile_name,
            source,

            metric_on,
            day_zone,
            exported_at,
            is_restatement,

            {% for metric in metrics -%}
                {{ metric }} {%- if not loop.last %},{% endif %}
            {% endfor %}
        from told
    )

select *
from final
