-- Detects visits, credits or costs of campaigns that the campaign table loses or counts twice.
-- A returned row is a month and a measure with both of its totals.
with
    months as (select month_start_on as month_on, date_on from {{ ref("dim_date") }}),

    facts as (
        select months.month_on, 'sessions' as measure, cast(count(*) as double) as total
        from {{ ref("fct_web_sessions") }} as sessions
        inner join months on months.date_on = sessions.started_on
        where sessions.campaign_key is not null and not sessions.is_automated
        group by months.month_on
        {% for model in attribution_models() %}
            union all
            select
                months.month_on,
                'revenue_{{ model }}' as measure,
                coalesce({{ exact_sum("credits.credited_value") }}, 0.0) as total
            from {{ ref("fct_attribution") }} as credits
            inner join months on months.date_on = credits.converted_on
            where
                credits.is_primary
                and credits.campaign_key is not null
                and credits.model = '{{ model }}'
            group by months.month_on
        {% endfor %}
        union all
        select months.month_on, 'ad_cost' as measure, {{ exact_sum("ad_costs.cost") }} as total
        from {{ ref("kpi_ad_costs") }} as ad_costs
        inner join months on months.date_on = ad_costs.date_on
        where ad_costs.campaign_key is not null
        group by months.month_on
    ),

    shown as (
        select period_start_on as month_on, *
        from {{ ref("kpi_campaigns") }}
        where period_kind = 'month'
    ),

    totals as (
        {% for measure in ["sessions", "ad_cost"] %}
            select
                month_on,
                '{{ measure }}' as measure,
                coalesce({{ exact_sum(measure) }}, 0.0) as total
            from shown
            group by month_on
            union all
        {% endfor %}
        {% for model in attribution_models() %}
            select
                month_on,
                'revenue_{{ model }}' as measure,
                {{ exact_sum("revenue_" ~ model) }} as total
            from shown
            group by month_on
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )

select
    coalesce(facts.month_on, totals.month_on) as month_on,
    coalesce(facts.measure, totals.measure) as measure,
    coalesce(facts.total, 0) as in_facts,
    coalesce(totals.total, 0) as in_campaigns
from facts
full outer join totals on totals.month_on = facts.month_on and totals.measure = facts.measure
where abs(coalesce(facts.total, 0) - coalesce(totals.total, 0)) > 1e-6
