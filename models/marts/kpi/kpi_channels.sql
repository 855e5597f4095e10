with
    ad_costs as (select * from {{ ref("kpi_ad_costs") }}),

    spend as (select * from {{ ref("fct_ad_spend") }}),

    sessions as (select * from {{ ref("fct_web_sessions") }} where not is_automated),

    credits as (select * from {{ ref("fct_attribution") }} where is_primary),

    engagement as (select * from {{ ref("fct_engagement") }} where level = 'post'),

    mentions as (select * from {{ ref("fct_mentions") }} where is_own_brand),

    period_days as (
        select * from {{ ref("kpi_period_days") }} where period_kind in ('month', 'quarter')
    ),

    -- The same row counts once by its channel group and once by its network.
    happened as (
        {% for kind, column in [("channel_group", "channel_group"), ("network", "network")] %}
            select
                '{{ kind }}' as slice_kind,
                {{ column }} as slice_value,
                date_on,
                cost,
                case when cost is null then 1 else 0 end as unconverted,
                cast(null as double) as reported_conversions,
                cast(null as double) as reported_value,
                0 as sessions,
                0 as engaged_sessions
            from ad_costs
            where {{ column }} is not null
            union all
            select
                '{{ kind }}',
                {{ column }},
                date_on,
                null,
                0,
                reported_conversions,
                reported_value,
                0,
                0
            from spend
            where {{ column }} is not null
            union all
            select
                '{{ kind }}',
                {{ column }},
                started_on,
                null,
                0,
                null,
                null,
                1,
                case when is_engaged then 1 else 0 end
            from sessions
            where {{ column }} is not null
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    counted as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            happened.slice_kind,
            happened.slice_value,
            {{ exact_sum("happened.cost") }} as ad_cost,
            sum(happened.unconverted) as unconverted_costs,
            {{ exact_sum("happened.reported_conversions") }} as reported_conversions,
            {{ exact_sum("happened.reported_value") }} as reported_value,
            sum(happened.sessions) as sessions,
            sum(happened.engaged_sessions) as engaged_sessions
        from happened
        inner join period_days on period_days.date_on = happened.date_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            happened.slice_kind,
            happened.slice_value
    ),

    credit_slices as (
        select
            'channel_group' as slice_kind,
            channel_group as slice_value,
            converted_on,
            model,
            credit,
            credited_value
        from credits
        union all
        select 'network', network, converted_on, model, credit, credited_value
        from credits
        where network is not null
    ),

    credited as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            credit_slices.slice_kind,
            credit_slices.slice_value,
            {% for model in attribution_models() -%}
                coalesce(
                    {{ exact_sum("credit", "model= '" ~ model ~ "'") }}, 0.0
                ) as conversions_{{ model }},
                coalesce(
                    {{ exact_sum("credited_value", "model= '" ~ model ~ "'") }}, 0.0
                ) as revenue_{{ model }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from credit_slices
        inner join period_days on period_days.date_on = credit_slices.converted_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            credit_slices.slice_kind,
            credit_slices.slice_value
    ),

    engaged as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            'network' as slice_kind,
            engagement.network as slice_value,
            sum(engagement.engagement_core) as engagement,
            sum(engagement.impressions) as impressions
        from engagement
        inner join period_days on period_days.date_on = engagement.metric_on
        group by period_days.period_kind, period_days.period_start_on, engagement.network
    ),

    mentioned as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            'network' as slice_kind,
            mentions.network as slice_value,
            count(distinct mentions.mention_key) as mentions,
            count(
                distinct case when mentions.sentiment = 'positive' then mentions.mention_key end
            ) as positive_mentions
        from mentions
        inner join period_days on period_days.date_on = mentions.sent_on
        where not mentions.is_by_us
        group by period_days.period_kind, period_days.period_start_on, mentions.network
    ),

    cells as (
        select period_kind, period_start_on, slice_kind, slice_value
        from counted
        union
        select period_kind, period_start_on, slice_kind, slice_value
        from credited
        union
        select period_kind, period_start_on, slice_kind, slice_value
        from engaged
        union
        select period_kind, period_start_on, slice_kind, slice_value
        from mentioned
    ),

    final as (
        select
            {{
                surrogate_key(
                    [
                        "cells.period_kind",
                        "cells.period_start_on",
                        "cells.slice_kind",
                        "cells.slice_value",
                    ]
                )
            }} as channel_key,

            cells.period_kind,
            cells.period_start_on,
            cells.slice_kind,
            cells.slice_value,

            counted.ad_cost,
            cast(coalesce(counted.unconverted_costs, 0) as bigint) as unconverted_costs,
            counted.reported_conversions,
            counted.reported_value,
            cast(coalesce(counted.sessions, 0) as bigint) as sessions,
            cast(coalesce(counted.engaged_sessions, 0) as bigint) as engaged_sessions,
            {% for model in attribution_models() -%}
                coalesce(credited.conversions_{{ model }}, 0.0) as conversions_{{ model }},
                coalesce(credited.revenue_{{ model }}, 0.0) as revenue_{{ model }},
                case
                    when counted.unconverted_costs = 0
                    then coalesce(credited.revenue_{{ model }}, 0.0) / nullif(counted.ad_cost, 0)
                end as roas_{{ model }},
            {% endfor %}
            cast(engaged.engagement as bigint) as engagement,
            cast(engaged.impressions as bigint) as impressions,
            cast(mentioned.mentions as bigint) as mentions,
            cast(mentioned.positive_mentions as bigint) as positive_mentions
        from cells
        {% for part in ["counted", "credited", "engaged", "mentioned"] %}
            left join
                {{ part }}
                on {{ part }}.period_kind = cells.period_kind
                and {{ part }}.period_start_on = cells.period_start_on
                and {{ part }}.slice_kind = cells.slice_kind
                and {{ part }}.slice_value = cells.slice_value
        {% endfor %}
    )

select *
from final
