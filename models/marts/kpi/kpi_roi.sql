with
    flows as (select * from {{ ref("kpi_roi_cash_flows") }}),

    -- What was measured is held against what the same months were expected to be: a year that is
    -- half over has half of its amount.
    compared as (
        select *, case when measured_months > 0 then amount * measured_months / 12 end as expected
        from flows
    ),

    totals as (
        select
            scenario,
            valid_from_on,
            {{ exact_sum("amount", where="flow = 'benefit'") }} as benefits,
            {{ exact_sum("amount", where="flow = 'cost'") }} as costs,
            {{ exact_sum("present_value", where="flow = 'benefit'") }} as present_benefits,
            {{ exact_sum("present_value", where="flow = 'cost'") }} as present_costs,
            {{ exact_sum("expected", where="flow = 'benefit'") }} as expected_benefits,
            {{ exact_sum("measured_amount", where="flow = 'benefit'") }} as measured_benefits,
            {{ exact_sum("expected", where="flow = 'cost'") }} as expected_costs,
            {{ exact_sum("measured_amount", where="flow = 'cost'") }} as measured_costs
        from compared
        group by scenario, valid_from_on
    ),

    known as (
        select
            *,
            coalesce(benefits, 0.0) as all_benefits,
            coalesce(present_benefits, 0.0) as all_present_benefits,
            lead(valid_from_on) over (partition by scenario order by valid_from_on) as valid_to_on
        from totals
    ),

    final as (
        select
            {{ surrogate_key(["scenario", "valid_from_on"]) }} as roi_key,

            valid_from_on,
            valid_to_on,

            scenario,
            scenario = '{{ var("roi_headline_scenario") }}' as is_headline,

            cast({{ var("roi_discount_rate") }} as double) as discount_rate,
            all_benefits as benefits,
            costs,
            all_present_benefits as present_benefits,
            present_costs,
            all_present_benefits - present_costs as net_present_value,
            (all_present_benefits - present_costs) / nullif(present_costs, 0) as roi_present_value,
            (all_benefits - costs) / nullif(costs, 0) as roi_simple,
            expected_benefits,
            measured_benefits,
            expected_costs,
            measured_costs
        from known
    )

select *
from final
