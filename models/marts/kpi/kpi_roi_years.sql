with
    flows as (select * from {{ ref("kpi_roi_cash_flows") }}),

    scenarios as (select * from {{ ref("kpi_roi") }}),

    years as (
        select
            valid_from_on,
            scenario,
            year,
            coalesce({{ exact_sum("amount", where="flow = 'benefit'") }}, 0.0) as benefits,
            coalesce({{ exact_sum("amount", where="flow = 'cost'") }}, 0.0) as costs,
            {{ exact_sum("case when flow = 'benefit' then amount else -amount end") }}
            as net_amount,
            {{ exact_sum("case when flow = 'benefit' then present_value else -present_value end") }}
            as net_present_value
        from flows
        group by valid_from_on, scenario, year
    ),

    -- Adding doubles depends on their order; decimals do not.
    final as (
        select
            {{ surrogate_key(["years.scenario", "years.valid_from_on", "years.year"]) }}
            as roi_year_key,

            years.valid_from_on,
            scenarios.valid_to_on,

            years.scenario,
            scenarios.is_headline,
            years.year,

            years.benefits,
            years.costs,
            years.net_amount,
            years.net_present_value,
            cast(
                sum(cast(years.net_present_value as decimal(38, 12))) over (
                    partition by years.scenario, years.valid_from_on
                    order by years.year
                    rows between unbounded preceding and current row
                ) as double
            ) as cumulative_present_value
        from years
        inner join
            scenarios
            on scenarios.scenario = years.scenario
            and scenarios.valid_from_on = years.valid_from_on
    )

select *
from final
