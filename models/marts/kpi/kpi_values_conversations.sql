with
    conversations as (select * from {{ ref("fct_conversations") }} where is_in_scope),

    slices as (select * from {{ ref("kpi_conversation_slices") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    sliced as (
        select slices.slice_kind, slices.slice_value, 'any' as cohort, conversations.*
        from conversations
        inner join slices on slices.conversation_key = conversations.conversation_key

        union all

        -- The team that answers stands for the opened cohort, the team in charge at the close for
        -- the closed one.
        select
            'team' as slice_kind,
            conversations.team as slice_value,
            'opened' as cohort,
            conversations.*
        from conversations

        union all

        select
            'team' as slice_kind,
            conversations.closing_team as slice_value,
            'closed' as cohort,
            conversations.*
        from conversations
        where conversations.closes > 0
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
            sum(handoffs) filter (where is_handled) as handoffs,
            count(*) filter (where is_handled and cross_team_handoffs > 0) as cross_team
        from sliced
        inner join period_days on period_days.date_on = sliced.opened_on
        where sliced.cohort in ('any', 'opened')
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
            sum(first_close_s) / 3600.0 as first_close_h,
            {{ percentile_cont("first_close_s", 0.5) }} / 3600.0 as first_close_median_h
        from sliced
        inner join period_days on period_days.date_on = sliced.first_closed_on
        where sliced.cohort in ('any', 'closed') and sliced.is_care_closed
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
            sum(final_close_s) / 3600.0 as final_close_h,
            {{ percentile_cont("final_close_s", 0.5) }} / 3600.0 as final_close_median_h,
            count(*) filter (where is_one_touch) as one_touch,
            count(*) filter (
                where {{ is_older_than("last_closed_at", var("repeat_window_s")) }}
            ) as aged,
            count(*) filter (
                where is_fcr and {{ is_older_than("last_closed_at", var("repeat_window_s")) }}
            ) as resolved_at_first_contact
        from sliced
        inner join period_days on period_days.date_on = sliced.last_closed_on
        where
            sliced.cohort in ('any', 'closed')
            and sliced.is_care_closed
            and sliced.status = 'closed'
        group by
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value
    ),

    final as (
        {{ kpi_row("opened", "K20", numerator="new_cases", n="new_cases") }}
        union all
        {{ kpi_row("first_closed", "K24", value="first_close_median_h", n="first_closes") }}
        union all
        {{
            kpi_row(
                "first_closed",
                "K24_mean",
                numerator="first_close_h",
                denominator="first_closes",
            )
        }}
        union all
        {{ kpi_row("last_closed", "K24_final", value="final_close_median_h", n="final_closes") }}
        union all
        {{
            kpi_row(
                "last_closed",
                "K24_final_mean",
                numerator="final_close_h",
                denominator="final_closes",
            )
        }}
        union all
        {{
            kpi_row(
                "last_closed", "K26", numerator="resolved_at_first_contact", denominator="aged"
            )
        }}
        union all
        {{ kpi_row("last_closed", "K27", numerator="one_touch", denominator="final_closes") }}
        union all
        {{ kpi_row("opened", "K28", numerator="resolved", denominator="handled") }}
        union all
        {{ kpi_row("opened", "K30", numerator="handoffs", denominator="handled") }}
        union all
        {{ kpi_row("opened", "K30_cross_team", numerator="cross_team", denominator="handled") }}
    )

select *
from final
