-- Detects drivers that leave part of a change unexplained or explain more than happened: within a
-- kind of slice the contributions must be the difference of the scorecard's two means.
-- A returned row is a period and a kind of slice with both numbers.
with
    drivers as (select * from {{ ref("kpi_reply_drivers") }}),

    scorecard as (
        select * from {{ ref("kpi_scorecard") }} where kpi_id = 'K04' and slice_kind = 'overall'
    ),

    summed as (
        select
            period_kind,
            period_start_on,
            slice_kind,
            sum(contribution_min) as contributions_min,
            max(overall_change_min) as told_change_min
        from drivers
        group by period_kind, period_start_on, slice_kind
    )

select summed.*, 60 * (scorecard.value - scorecard.previous_value) as scorecard_change_min
from summed
left join
    scorecard
    on scorecard.period_kind = summed.period_kind
    and scorecard.period_start_on = summed.period_start_on
where
    scorecard.value is null
    or scorecard.previous_value is null
    or abs(summed.contributions_min - 60 * (scorecard.value - scorecard.previous_value)) > 1e-6
    or abs(summed.told_change_min - 60 * (scorecard.value - scorecard.previous_value)) > 1e-9
