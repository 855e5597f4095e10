{%- set models = attribution_models() -%}

with
    sessions as (select * from {{ ref("fct_web_sessions") }}),

    attribution as (select * from {{ ref("fct_attribution") }} where is_primary),

    visits as (
        select
            started_on as date_on,
            channel_group,
            coalesce(network, 'none') as network,
            count(*) filter (where not is_automated) as sessions,
            count(*) filter (where is_engaged and not is_automated) as engaged_sessions,
            count(*) filter (where is_social and not is_automated) as social_sessions,
            count(post_key) filter (where not is_automated) as post_sessions,
            count(*) filter (
                where post_match = 'ambiguous' and not is_automated
            ) as ambiguous_post_sessions,
            count(*) filter (where session_number = 1 and not is_automated) as first_sessions,
            count(*) filter (where is_automated) as automated_sessions,
            coalesce(sum(page_views) filter (where not is_automated), 0) as page_views
        from sessions
        group by started_on, channel_group, coalesce(network, 'none')
    ),

    credits as (
        select
            converted_on as date_on,
            channel_group,
            coalesce(network, 'none') as network,
            {% for model in models -%}
                {{ exact_sum("credit", "model= '" ~ model ~ "'", digits=18) }}
                as conversions_{{ model }},
                {{ exact_sum("credited_value", "model= '" ~ model ~ "'", digits=18) }}
                as revenue_{{ model }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from attribution
        group by converted_on, channel_group, coalesce(network, 'none')
    ),

    final as (
        select
            {{
                surrogate_key(
                    [
                        "coalesce(visits.date_on, credits.date_on)",
                        "coalesce(visits.channel_group, credits.channel_group)",
                        "coalesce(visits.network, credits.network)",
                    ]
                )
            }} as web_day_key,

            coalesce(visits.date_on, credits.date_on) as date_on,

            coalesce(visits.channel_group, credits.channel_group) as channel_group,
            coalesce(visits.network, credits.network) as network,

            cast(coalesce(visits.sessions, 0) as bigint) as sessions,
            cast(coalesce(visits.engaged_sessions, 0) as bigint) as engaged_sessions,
            cast(coalesce(visits.social_sessions, 0) as bigint) as social_sessions,
            {% for part in [
                "post_sessions",
                "ambiguous_post_sessions",
                "first_sessions",
                "automated_sessions",
                "page_views",
            ] -%}
                cast(coalesce(visits.{{ part }}, 0) as bigint) as {{ part }},
            {% endfor -%}
            {% for model in models -%}
                cast(
                    coalesce(credits.conversions_{{ model }}, 0) as double
                ) as conversions_{{ model }},
                cast(credits.revenue_{{ model }} as double) as revenue_{{ model }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from visits
        full outer join
            credits
            on credits.date_on = visits.date_on
            and credits.channel_group = visits.channel_group
            and credits.network = visits.network
    )

select *
from final
