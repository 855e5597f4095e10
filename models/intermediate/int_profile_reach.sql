with
    network_aliases as (select * from {{ ref("network_aliases") }}),

    fed as (
        {% for source in var("audience")["reach"] %}
            select
                source,
                lower(network) as network_word,
                profile_id,
                profile_name,
                cast(window_days as integer) as window_days,
                window_end_on,
                day_zone,
                kind,
                cast(reach as bigint) as reach,
                exported_at,
                {{ loop.index }} as source_rank
            from {{ ref("int_" ~ source ~ "_reach") }}
            where reach is not null and window_end_on is not null
            {% if not loop.last %}
                union all
            {% endif %}
        {% else %}
            select
                {% for name in ["source", "network_word", "profile_id", "profile_name"] -%}
                    cast(null as {{ dbt.type_string() }}) as {{ name }},
                {% endfor %}
                cast(null as integer) as window_days,
                cast(null as date) as window_end_on,
                cast(null as {{ dbt.type_string() }}) as day_zone,
                cast(null as {{ dbt.type_string() }}) as kind,
                cast(null as bigint) as reach,
                cast(null as timestamp) as exported_at,
                1 as source_rank
            where false
        {% endfor %}
    ),

    named as ({{ named_profiles("fed") }}),

    -- Reach counts people: of two exports of one window one is right, and never their sum.
    told as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by network, known_profile_id, window_days, window_end_on, kind
                        order by source_rank, exported_at desc, reach desc
                    ) as place
                from named
            )
        where place = 1
    ),

    final as (
        select
            {{
                surrogate_key(
                    ["network", "known_profile_id", "window_days", "window_end_on", "kind"]
                )
            }} as reach_key,
            {{ surrogate_key(["network", "known_profile_id"]) }} as profile_key,
            network,
            known_profile_id as profile_id,
            profile_name,
            source,

            window_days,
            window_end_on,
            day_zone,
            kind,
            exported_at,

            reach
        from told
    )

select *
from final
