-- Detects a backlog that is told twice: the daily mart at a period's last completed day must be the
-- scorecard's backlog, overall, by network and by team.
-- A returned row is a period and slice with both numbers.
with
    days as (select * from {{ ref("kpi_backlog_daily") }} where open_cases is not null),

    last_days as (select * from {{ ref("kpi_last_days") }}),

    scorecard as (select * from {{ ref("kpi_scorecard") }} where kpi_id in ('K15', 'K21')),

    sliced as (
        {{ own_slices("days", {"overall": "'all'", "network": "network", "team": "team"}) }}
    ),

    told as (
        select
            last_days.period_kind,
            last_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            sum(sliced.open_cases) as open_cases,
            sum(sliced.unanswered_cases) as unanswered_cases,
            sum(
                sliced.aged_under_4h
                + sliced.aged_4h_to_1d
                + sliced.aged_1d_to_2d
                + sliced.aged_2d_to_7d
                + sliced.aged_7d_and_over
            ) as aged_cases
        from sliced
        inner join last_days on last_days.day_on = sliced.day_on
        group by
            last_days.period_kind, last_days.period_start_on, sliced.slice_kind, sliced.slice_value
    )

select told.*, scorecard.kpi_id, scorecard.value
from told
inner join
    scorecard
    on scorecard.period_kind = told.period_kind
    and scorecard.period_start_on = told.period_start_on
    and scorecard.slice_kind = told.slice_kind
    and scorecard.slice_value = told.slice_value
where
    (scorecard.kpi_id = 'K21' and scorecard.value <> told.open_cases)
    or (scorecard.kpi_id = 'K15' and scorecard.value <> told.unanswered_cases)
    or told.aged_cases <> told.open_cases
