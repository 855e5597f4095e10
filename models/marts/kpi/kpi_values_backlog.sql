with
    open_conversations as (select * from {{ ref("fct_conversation_daily") }} where is_in_scope),

    slices as (select * from {{ ref("kpi_conversation_slices") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    -- A backlog is a state: a period shows its last completed day, never a sum over days.
    last_days as (
        select period_kind, period_start_on, max(date_on) as day_on
        from period_days
        where day_ends_at <= {{ as_of() }}
        group by period_kind, period_start_on
    ),

    sliced as (
        select slices.slice_kind, slices.slice_value, open_conversations.*
        from open_conversations
        inner join slices on slices.conversation_key = open_conversations.conversation_key

        union all

        select 'team' as slice_kind, open_conversations.team as slice_value, open_conversations.*
        from open_conversations
    ),

    counted as (
        select
            last_days.period_kind,
            last_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            count(*) as open_cases,
            count(*) filter (where is_unanswered) as unanswered,
            max(wait_s) filter (where is_unanswered) / 3600.0 as longest_wait_h,
            {{ percentile_cont("wait_s", 0.5) }} filter (where is_unanswered)
            / 3600.0 as median_wait_h
        from sliced
        inner join last_days on last_days.day_on = sliced.day_on
        group by
            last_days.period_kind, last_days.period_start_on, sliced.slice_kind, sliced.slice_value
    ),

    final as (
        {{ kpi_row("counted", "K15", numerator="unanswered", n="unanswered") }}
        union all
        {{ kpi_row("counted", "K15_max", value="longest_wait_h", n="unanswered") }}
        union all
        {{ kpi_row("counted", "K15_median", value="median_wait_h", n="unanswered") }}
        union all
        {{ kpi_row("counted", "K21", numerator="open_cases", n="open_cases") }}
    )

select *
from final
