with
    assumptions as (select * from {{ ref("roi_assumptions") }}),

    costs as (select * from {{ ref("fct_costs") }}),

    credits as (
        select *
        from {{ ref("fct_attribution") }}
        where model = 'linear' and is_social and is_primary
    ),

    sessions as (select started_on from {{ ref("fct_web_sessions") }} where not is_automated),

    phone as (select * from {{ ref("fct_phone_daily") }}),

    -- Only months that are over are measured: costs of the running one are not all booked.
    whole_months as (
        select period_start_on as month_on
        from {{ ref("dim_period") }}
        where period_kind = 'month' and is_complete
    ),

    -- Costs come as whole lists: a role that finance books at all costs nothing in a month whose
    -- list leaves it out.
    cost_months as (select distinct month_on from costs),

    roles as (select distinct role || coalesce('_' || contact_channel, '') as measure from costs),

    booked as (
        select
            cost_months.month_on,
            roles.measure,
            coalesce({{ exact_sum("costs.amount_reporting") }}, 0.0) as amount
        from cost_months
        cross join roles
        left join
            costs
            on costs.month_on = cost_months.month_on
            and costs.role || coalesce('_' || costs.contact_channel, '') = roles.measure
        group by cost_months.month_on, roles.measure
    ),

    -- A month of visits without a sale from social earned nothing, which is known.
    visited as (
        select distinct cast(date_trunc('month', started_on) as date) as month_on from sessions
    ),

    earned as (
        select
            visited.month_on,
            'social_revenue' as measure,
            coalesce({{ exact_sum("credits.credited_value") }}, 0.0) as amount
        from visited
        left join
            credits on cast(date_trunc('month', credits.converted_on) as date) = visited.month_on
        group by visited.month_on
    ),

    calls as (
        select
            cast(date_trunc('month', date_on) as date) as month_on,
            sum(calls_answered) as answered,
            sum(deflections_accepted) - coalesce(sum(callbacks_within_7d), 0) as avoided
        from phone
        group by cast(date_trunc('month', date_on) as date)
    ),

    phone_costs as (
        select month_on, {{ exact_sum("amount_reporting") }} as amount
        from costs
        where contact_channel = 'phone'
        group by month_on
    ),

    -- A call that somebody did not make costs what an answered one does that month.
    avoided as (
        select
            calls.month_on,
            'calls_avoided' as measure,
            calls.avoided * phone_costs.amount / nullif(calls.answered, 0) as amount
        from calls
        inner join phone_costs on phone_costs.month_on = calls.month_on
    ),

    measures as (
        select month_on, measure, amount
        from booked
        union all
        select month_on, measure, amount
        from earned
        union all
        select month_on, measure, amount
        from avoided
    ),

    lines as (
        select
            scenario,
            valid_from_on,
            flow,
            line,
            year,
            {{ exact_sum("amount") }} as amount,
            max(measured_as) as measured_as,
            max(measured_share) as measured_share
        from assumptions
        group by scenario, valid_from_on, flow, line, year
    ),

    measured as (
        select
            lines.scenario,
            lines.valid_from_on,
            lines.flow,
            lines.line,
            lines.year,
            {{ exact_sum("measures.amount * lines.measured_share") }} as measured_amount,
            count(distinct measures.month_on) as measured_months
        from lines
        inner join
            measures
            on measures.measure = lines.measured_as
            and measures.month_on
            >= {{ add_months("lines.valid_from_on", "12 * (lines.year - 1)") }}
            and measures.month_on < {{ add_months("lines.valid_from_on", "12 * lines.year") }}
        inner join whole_months on whole_months.month_on = measures.month_on
        where lines.year > 0
        group by lines.scenario, lines.valid_from_on, lines.flow, lines.line, lines.year
    ),

    -- Year 0 is not discounted: it is paid now.
    final as (
        select
            {{
                surrogate_key(
                    [
                        "lines.scenario",
                        "lines.valid_from_on",
                        "lines.flow",
                        "lines.line",
                        "lines.year",
                    ]
                )
            }} as cash_flow_key,

            lines.valid_from_on,

            lines.scenario,
            lines.flow,
            lines.line,
            lines.year,

            lines.amount,
            cast(
                1 / power(1 + {{ var("roi_discount_rate") }}, lines.year) as double
            ) as discount_factor,
            cast(
                lines.amount / power(1 + {{ var("roi_discount_rate") }}, lines.year) as double
            ) as present_value,
            measured.measured_amount,
            cast(coalesce(measured.measured_months, 0) as bigint) as measured_months
        from lines
        left join
            measured
            on measured.scenario = lines.scenario
            and measured.valid_from_on = lines.valid_from_on
            and measured.flow = lines.flow
            and measured.line = lines.line
            and measured.year = lines.year
    )

select *
from final
