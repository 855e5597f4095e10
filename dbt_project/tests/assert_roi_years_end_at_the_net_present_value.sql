-- Detects years of a scenario that do not lead to its net present value.
-- A returned row is a scenario with the running value of its last year and what it should be.
with
    years as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by scenario, valid_from_on order by year desc
                    ) as place
                from {{ ref("kpi_roi_years") }}
            )
        where place = 1
    ),

    scenarios as (select * from {{ ref("kpi_roi") }})

select
    scenarios.scenario,
    scenarios.valid_from_on,
    years.cumulative_present_value,
    scenarios.net_present_value
from scenarios
left join
    years on years.scenario = scenarios.scenario and years.valid_from_on = scenarios.valid_from_on
where years.year is null or abs(years.cumulative_present_value - scenarios.net_present_value) > 0.01
