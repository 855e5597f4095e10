-- Detects credits, sessions or advertising costs that the channel table loses or counts twice.
-- A returned row is a month and a measure with both of its totals.
{% set models = attribution_models() %}
with
    shown as (
        select period_start_on as month_on, *
        from {{ ref("kpi_channels") }}
        where period_kind = 'month' and slice_kind = 'channel_group'
    ),

    months as (select month_start_on as month_on, date_on from {{ ref("dim_date") }}),

    compared as (
        {% for model in models %}
            select
                months.month_on,
                'revenue_{{ model }}' as measure,
                {{ exact_sum("credits.credited_value") }} as in_facts,
                cast(null as double) as in_channels
            from {{ ref("fct_attribution") }} as credits
            inner join months on months.date_on = credits.converted_on
            where credits.is_primary and credits.model = '{{ model }}'
            group by months.month_on
            union all
            select month_on, 'revenue_{{ model }}', null, {{ exact_sum("revenue_" ~ model) }}
            from shown
            group by month_on
            union all
        {% endfor %}
        select months.month_on, 'sessions', cast(count(*) as double), null
        from {{ ref("fct_web_sessions") }} as sessions
        inner join months on months.date_on = sessions.started_on
        where not sessions.is_automated
        group by months.month_on
        union all
        select month_on, 'sessions', null, cast(sum(sessions) as double)
        from shown
        group by month_on
        union all
        select months.month_on, 'ad_cost', {{ exact_sum("spend.cost") }}, null
        from {{ ref("kpi_ad_costs") }} as spend
        inner join months on months.date_on = spend.date_on
        group by months.month_on
        union all
        select month_on, 'ad_cost', null, {{ exact_sum("ad_cost") }}
        from shown
        group by month_on
    ),

    summed as (
        select
            month_on,
            measure,
            coalesce(max(in_facts), 0) as in_facts,
            coalesce(max(in_channels), 0) as in_channels
        from compared
        group by month_on, measure
    )

select month_on, measure, in_facts, in_channels
from summed
where abs(in_facts - in_channels) > 1e-6
