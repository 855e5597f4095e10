-- Detects credit of social at the lookback in force that the scorecard tells otherwise or not at
-- all: the page of a quarter shows both side by side.
-- A returned row is a quarter and model with the two numbers.
with
    lookbacks as (
        select *
        from {{ ref("kpi_attribution_lookbacks") }}
        where lookback_days = {{ var("attribution_lookback_s") }} / 86400.0
    ),

    scorecard as (
        select *
        from {{ ref("kpi_scorecard") }}
        where period_kind = 'quarter' and slice_kind = 'overall'
    )

select
    lookbacks.quarter_start_on,
    lookbacks.model,
    lookbacks.social_conversions,
    scorecard.value as scorecard_conversions
from lookbacks
left join
    scorecard
    on scorecard.period_start_on = lookbacks.quarter_start_on
    and scorecard.kpi_id = 'K71_' || lookbacks.model
where
    scorecard.value is null
    or lookbacks.social_conversions is null
    or abs(lookbacks.social_conversions - scorecard.value) > 0.000001
