with
    open_conversations as (select * from {{ ref("fct_conversation_daily") }} where is_in_scope),

    conversations as (select * from {{ ref("fct_conversations") }} where is_in_scope),

    spans as (select * from {{ ref("int_conversation_spans") }} where span_ended_at is not null),

    slices as (select * from {{ ref("kpi_conversation_slices") }}),

    agents as (select * from {{ ref("kpi_agent_names") }}),

    last_days as (select * from {{ ref("kpi_last_days") }}),

    shown_days as (select distinct day_on from last_days),

    open_then as (
        select
            open_conversations.conversation_key,
            open_conversations.day_on,
            open_conversations.team,
            open_conversations.is_unanswered,
            open_conversations.age_s,
            open_conversations.wait_s,
            coalesce(agents.agent_name, 'unassigned') as agent
        from open_conversations
        inner join shown_days on shown_days.day_on = open_conversations.day_on
        left join agents on agents.agent_key = open_conversations.agent_key
    ),

    ended as (
        select
            spans.conversation_key,
            {{ reporting_date("spans.span_ended_at") }} as ended_on,
            conversations.closing_team as team,
            coalesce(agents.agent_name, 'unassigned') as agent
        from spans
        inner join conversations on conversations.conversation_key = spans.conversation_key
        left join agents on agents.agent_key = conversations.closing_agent_key
    ),

    open_slices as (
        select slices.slice_kind, slices.slice_value, open_then.*
        from open_then
        inner join slices on slices.conversation_key = open_then.conversation_key
        union all
        {{ own_slices("open_then", {"team": "team", "agent": "agent"}) }}
    ),

    ended_slices as (
        select slices.slice_kind, slices.slice_value, ended.*
        from ended
        inner join slices on slices.conversation_key = ended.conversation_key
        union all
        {{ own_slices("ended", {"team": "team", "agent": "agent"}) }}
    ),

    counted as (
        select
            last_days.period_kind,
            last_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            count(*) as open_cases,
            {{ percentile_of_seconds("age_s", 0.5) }} / 3600 as median_age_h,
            count(*) filter (where is_unanswered) as unanswered,
            max(wait_s) filter (where is_unanswered) / 3600 as longest_wait_h,
            {{ percentile_of_seconds("wait_s", 0.5) }} filter (where is_unanswered)
            / 3600 as median_wait_h
        from open_slices as sliced
        inner join last_days on last_days.day_on = sliced.day_on
        group by
            last_days.period_kind, last_days.period_start_on, sliced.slice_kind, sliced.slice_value
    ),

    ended_a_day as (
        select ended_on, slice_kind, slice_value, count(*) as ended_cases
        from ended_slices
        group by ended_on, slice_kind, slice_value
    ),

    outflow as (
        select
            last_days.period_kind,
            last_days.period_start_on,
            ended_a_day.slice_kind,
            ended_a_day.slice_value,
            sum(ended_a_day.ended_cases) as ended_cases
        from last_days
        inner join
            ended_a_day
            on ended_a_day.ended_on <= last_days.day_on
            and ended_a_day.ended_on > {{ add_days("last_days.day_on", -28) }}
        group by
            last_days.period_kind,
            last_days.period_start_on,
            ended_a_day.slice_kind,
            ended_a_day.slice_value
    ),

    -- Days of work in the backlog at the pace of four weeks. Nothing open takes no days; without a
    -- single end there is no pace.
    reach as (
        select
            outflow.period_kind,
            outflow.period_start_on,
            outflow.slice_kind,
            outflow.slice_value,
            coalesce(counted.open_cases, 0) as open_cases,
            outflow.ended_cases / 28 as ended_a_day
        from outflow
        left join
            counted
            on counted.period_kind = outflow.period_kind
            and counted.period_start_on = outflow.period_start_on
            and counted.slice_kind = outflow.slice_kind
            and counted.slice_value = outflow.slice_value
    ),

    final as (
        {{
            kpi_rows(
                "counted",
                [
                    {"id": "K15", "numerator": "unanswered", "n": "unanswered"},
                    {"id": "K15_max", "value": "longest_wait_h", "n": "unanswered"},
                    {"id": "K15_median", "value": "median_wait_h", "n": "unanswered"},
                    {"id": "K21", "numerator": "open_cases", "n": "open_cases"},
                    {"id": "K22", "value": "median_age_h", "n": "open_cases"},
                ],
            )
        }}
        union all
        {{
            kpi_row(
                "reach",
                "K22_days",
                numerator="open_cases",
                denominator="ended_a_day",
                n="open_cases",
            )
        }}
    )

select *
from final
