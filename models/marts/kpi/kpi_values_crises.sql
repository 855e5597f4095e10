with
    episodes as (select * from {{ ref("kpi_crisis_episodes") }}),

    replies as (select * from {{ ref("fct_replies") }} where is_first and is_in_scope),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    counted as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            'overall' as slice_kind,
            'all' as slice_value,
            count(*) as episodes,
            count(*) filter (where not episodes.is_acknowledged) as unacknowledged
        from episodes
        inner join period_days on period_days.date_on = episodes.started_on
        group by period_days.period_kind, period_days.period_start_on
    ),

    -- By the day the wait began, as first replies are everywhere.
    waited as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            'overall' as slice_kind,
            'all' as slice_value,
            count(*) as first_replies,
            sum(replies.wait_s) / 3600 as first_wait_h
        from replies
        inner join
            episodes
            on replies.started_at >= episodes.started_at
            and replies.started_at < episodes.ended_at
        inner join period_days on period_days.date_on = replies.started_on
        where replies.is_replied
        group by period_days.period_kind, period_days.period_start_on
    ),

    final as (
        {{
            kpi_rows(
                "counted",
                [
                    {"id": "K59", "numerator": "episodes", "n": "episodes"},
                    {"id": "K59_unacknowledged", "numerator": "unacknowledged", "n": "episodes"},
                ],
            )
        }}
        union all
        {{ kpi_row("waited", "K60", numerator="first_wait_h", denominator="first_replies") }}
    )

select *
from final
