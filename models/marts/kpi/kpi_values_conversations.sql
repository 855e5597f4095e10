with
    conversations as (select * from {{ ref("fct_conversations") }} where is_in_scope),

    slices as (select * from {{ ref("kpi_conversation_slices") }}),

    agents as (select * from {{ ref("kpi_agent_names") }}),

    assignments as (select * from {{ ref("int_conversation_assignments") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    named as (
        select
            conversations.*,
            coalesce(agents.agent_name, 'unassigned') as agent,
            coalesce(closing_agents.agent_name, 'unassigned') as closing_agent
        from conversations
        left join agents on agents.agent_key = conversations.agent_key
        left join
            agents as closing_agents on closing_agents.agent_key = conversations.closing_agent_key
    ),

    closed as (select * from named where closes > 0),

    -- Whoever answers stands for the opened cohort, whoever is in charge at the close for the
    -- closed one.
    opened_slices as (
        select slices.slice_kind, slices.slice_value, named.*
        from named
        inner join slices on slices.conversation_key = named.conversation_key
        union all
        {{ own_slices("named", {"team": "team", "agent": "agent"}) }}
    ),

    closed_slices as (
        select slices.slice_kind, slices.slice_value, closed.*
        from closed
        inner join slices on slices.conversation_key = closed.conversation_key
        union all
        {{ own_slices("closed", {"team": "closing_team", "agent": "closing_agent"}) }}
    ),

    opened as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            count(*) as new_cases,
            count(*) filter (where is_handled) as handled,
            count(*) filter (where is_handled and status = 'closed') as resolved,
            count(*) filter (
                where is_handled and status = 'closed' and not is_redirected
            ) as resolved_in_channel,
            sum(handoffs) filter (where is_handled) as handoffs,
            count(*) filter (where is_handled and cross_team_handoffs > 0) as cross_team,
            sum(cross_team_handoffs) filter (where is_handled) as cross_team_handoffs,
            sum(agents) filter (where is_handled and agents > 0) as agents,
            count(*) filter (where is_handled and agents > 0) as handled_by_agents,
            count(assign_s) as assigned,
            sum(assign_s) / 60 as assign_min,
            {{ percentile_of_seconds("assign_s", 0.5) }} / 60 as assign_median_min
        from opened_slices as sliced
        inner join period_days on period_days.date_on = sliced.opened_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value
    ),

    first_closed as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            count(*) as first_closes,
            sum(first_close_s) / 3600 as first_close_h,
            {{ percentile_of_seconds("first_close_s", 0.5) }} / 3600 as first_close_median_h,
            count(*) filter (
                where {{ is_older_than("first_closed_at", var("reopen_window_s")) }}
            ) as aged,
            count(*) filter (
                where reopens > 0 and {{ is_older_than("first_closed_at", var("reopen_window_s")) }}
            ) as reopened
        from closed_slices as sliced
        inner join period_days on period_days.date_on = sliced.first_closed_on
        where sliced.is_care_closed
        group by
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value
    ),

    last_closed as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            count(*) as final_closes,
            sum(final_close_s) / 3600 as final_close_h,
            {{ percentile_of_seconds("final_close_s", 0.5) }} / 3600 as final_close_median_h,
            count(*) filter (where is_one_touch) as one_touch,
            count(*) filter (
                where {{ is_older_than("last_closed_at", var("repeat_window_s")) }}
            ) as aged,
            count(*) filter (
                where is_fcr and {{ is_older_than("last_closed_at", var("repeat_window_s")) }}
            ) as resolved_at_first_contact,
            sum(handle_s) / 60 as handle_min,
            count(handle_s) as handled_by_somebody,
            {{ exact_sum("effort_s") }} / 60 as effort_min,
            count(effort_s) as timed
        from closed_slices as sliced
        inner join period_days on period_days.date_on = sliced.last_closed_on
        where sliced.is_care_closed and sliced.status = 'closed'
        group by
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value
    ),

    arrivals as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            coalesce(assignments.team, 'unassigned') as slice_value,
            count(*) as cross_team_handoffs
        from assignments
        inner join conversations on conversations.conversation_key = assignments.conversation_key
        inner join period_days on period_days.date_on = conversations.opened_on
        where assignments.is_cross_team and conversations.is_handled
        group by
            period_days.period_kind,
            period_days.period_start_on,
            coalesce(assignments.team, 'unassigned')
    ),

    -- Where conversations went: handed over into a team, of all that were handled.
    destinations as (
        select
            arrivals.period_kind,
            arrivals.period_start_on,
            'destination_team' as slice_kind,
            arrivals.slice_value,
            arrivals.cross_team_handoffs,
            opened.handled
        from arrivals
        inner join
            opened
            on opened.period_kind = arrivals.period_kind
            and opened.period_start_on = arrivals.period_start_on
            and opened.slice_kind = 'overall'
    ),

    final as (
        {{
            kpi_rows(
                "opened",
                [
                    {"id": "K20", "numerator": "new_cases", "n": "new_cases"},
                    {"id": "K28", "numerator": "resolved", "denominator": "handled"},
                    {"id": "K29", "numerator": "resolved_in_channel", "denominator": "resolved"},
                    {"id": "K30", "numerator": "handoffs", "denominator": "handled"},
                    {"id": "K30_cross_team", "numerator": "cross_team", "denominator": "handled"},
                    {"id": "K31", "numerator": "agents", "denominator": "handled_by_agents"},
                    {"id": "K32", "numerator": "cross_team_handoffs", "denominator": "handled"},
                    {"id": "K33", "value": "assign_median_min", "n": "assigned"},
                    {"id": "K33_mean", "numerator": "assign_min", "denominator": "assigned"},
                ],
            )
        }}
        union all
        {{
            kpi_row(
                "destinations", "K32", numerator="cross_team_handoffs", denominator="handled"
            )
        }}
        union all
        {{
            kpi_rows(
                "first_closed",
                [
                    {"id": "K24", "value": "first_close_median_h", "n": "first_closes"},
                    {
                        "id": "K24_mean",
                        "numerator": "first_close_h",
                        "denominator": "first_closes",
                    },
                    {"id": "K25", "numerator": "reopened", "denominator": "aged"},
                ],
            )
        }}
        union all
        {{
            kpi_rows(
                "last_closed",
                [
                    {"id": "K24_final", "value": "final_close_median_h", "n": "final_closes"},
                    {
                        "id": "K24_final_mean",
                        "numerator": "final_close_h",
                        "denominator": "final_closes",
                    },
                    {
                        "id": "K26",
                        "numerator": "resolved_at_first_contact",
                        "denominator": "aged",
                    },
                    {"id": "K27", "numerator": "one_touch", "denominator": "final_closes"},
                    {
                        "id": "K34",
                        "numerator": "handle_min",
                        "denominator": "handled_by_somebody",
                    },
                    {"id": "K34_effort", "numerator": "effort_min", "denominator": "timed"},
                ],
            )
        }}
    )

select *
from final
