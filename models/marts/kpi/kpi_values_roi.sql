with
    scenarios as (select * from {{ ref("kpi_roi") }}),

    periods as (select * from {{ ref("dim_period") }} where period_kind = 'quarter'),

    -- The version in force on the last day of the quarter speaks for it.
    in_period as (
        select periods.period_kind, periods.period_start_on, scenarios.*
        from periods
        inner join scenarios on scenarios.valid_from_on <= periods.period_end_on
        where scenarios.valid_to_on is null or scenarios.valid_to_on > periods.period_end_on
    ),

    sliced as (
        select 'scenario' as slice_kind, scenario as slice_value, in_period.*
        from in_period
        union all
        select 'overall' as slice_kind, 'all' as slice_value, in_period.*
        from in_period
        where is_headline
    ),

    final as (
        {{
            kpi_rows(
                "sliced",
                [
                    {
                        "id": "K78",
                        "value": "roi_present_value",
                        "numerator": "net_present_value",
                        "denominator": "present_costs",
                        "n": "1",
                    },
                    {
                        "id": "K78_simple",
                        "value": "roi_simple",
                        "numerator": "benefits - costs",
                        "denominator": "costs",
                        "n": "1",
                    },
                ],
            )
        }}
    )

select *
from final
