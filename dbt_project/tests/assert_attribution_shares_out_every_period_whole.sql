-- Detects credit or revenue lost or invented on the way from the facts to the marts. A returned row
-- is a mart, a period, a lookback and a model whose credits do not add up to the conversions of the
-- period, or whose values do not add up to their revenue.
with
    conversions as (
        select *, {{ quarter_start("converted_on") }} as quarter_start_on
        from {{ ref("fct_conversions") }}
        where is_primary
    ),

    models as ({{ attribution_model_rows() }}),

    lookbacks as (
        select cast(lookback_s as double) / 86400 as lookback_days
        from ({{ attribution_lookback_rows() }}) as seconds
    ),

    expected as (
        select
            'kpi_attribution_daily' as mart,
            converted_on as period_start_on,
            cast({{ var("attribution_lookback_s") }} as double) / 86400 as lookback_days,
            count(*) as conversions,
            {{ exact_sum("value") }} as revenue
        from conversions
        group by converted_on

        union all

        select
            'kpi_attribution_sensitivity',
            conversions.quarter_start_on,
            lookbacks.lookback_days,
            count(*),
            {{ exact_sum("conversions.value") }}
        from conversions
        cross join lookbacks
        group by conversions.quarter_start_on, lookbacks.lookback_days
    ),

    found as (
        select
            'kpi_attribution_daily' as mart,
            date_on as period_start_on,
            cast({{ var("attribution_lookback_s") }} as double) / 86400 as lookback_days,
            model,
            sum(conversions) as conversions,
            sum(revenue) as revenue
        from {{ ref("kpi_attribution_daily") }}
        group by date_on, model

        union all

        select
            'kpi_attribution_sensitivity',
            quarter_start_on,
            lookback_days,
            model,
            sum(conversions),
            sum(revenue)
        from {{ ref("kpi_attribution_sensitivity") }}
        group by quarter_start_on, lookback_days, model
    )

select
    expected.mart,
    expected.period_start_on,
    expected.lookback_days,
    models.model,
    expected.conversions,
    found.conversions as credited,
    expected.revenue,
    found.revenue as credited_revenue
from expected
cross join models
left join
    found
    on found.mart = expected.mart
    and found.period_start_on = expected.period_start_on
    and found.lookback_days = expected.lookback_days
    and found.model = models.model
where
    abs(expected.conversions - coalesce(found.conversions, 0))
    > 1e-9 * greatest(1, expected.conversions)
    or abs(coalesce(expected.revenue, 0) - coalesce(found.revenue, 0))
    > 1e-9 * greatest(1, abs(coalesce(expected.revenue, 0)))
