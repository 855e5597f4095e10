-- Detects a breakdown of the care marts that tells another number than the scorecard, or a number
-- where the scorecard has none: margins of the reply matrix, drivers, bands of waits, promises and
-- the flow of the backlog.
-- A returned row is a cell that a mart tells and the scorecard's value, numerator and denominator.
with
    matrix as (select * from {{ ref("kpi_reply_matrix") }}),

    drivers as (select * from {{ ref("kpi_reply_drivers") }}),

    bands as (select * from {{ ref("kpi_wait_bands") }}),

    promises as (select * from {{ ref("kpi_promises") }}),

    flow as (select * from {{ ref("kpi_backlog_flow") }}),

    -- Nothing to count is nought on the scorecard, without parts.
    scorecard as (
        select
            kpi_id,
            period_kind,
            period_start_on,
            slice_kind,
            slice_value,
            case when numerator is null and value = 0 then 0 else numerator end as numerator,
            denominator
        from {{ ref("kpi_scorecard") }}
    ),

    -- The margins of the matrix are slices of the scorecard.
    margins as (
        select
            *,
            case
                when network = 'all' and product = 'all' and topic = 'all'
                then 'overall'
                when product = 'all' and topic = 'all'
                then 'network'
                when network = 'all' and topic = 'all'
                then 'product'
                when network = 'all' and product = 'all'
                then 'topic'
                when network = 'all'
                then 'product_topic'
            end as slice_kind,
            case
                when product = 'all' and topic = 'all'
                then network
                when network = 'all' and topic = 'all'
                then product
                when network = 'all' and product = 'all'
                then topic
                when network = 'all'
                then product || ' × ' || topic
            end as slice_value
        from matrix
    ),

    told as (
        select
            'K04' as kpi_id,
            period_kind,
            period_start_on,
            slice_kind,
            slice_value,
            first_reply_s / 3600.0 as numerator,
            first_replies as denominator
        from margins
        where slice_kind is not null and first_replies > 0

        union all

        select
            'K07' as kpi_id,
            period_kind,
            period_start_on,
            slice_kind,
            slice_value,
            first_replies_within_4h as numerator,
            first_replies_decided_4h as denominator
        from margins
        where slice_kind is not null and first_replies_decided_4h > 0

        union all

        select
            'K04' as kpi_id,
            period_kind,
            period_start_on,
            slice_kind,
            slice_value,
            first_reply_mean_h * first_replies as numerator,
            first_replies as denominator
        from drivers
        where first_replies > 0

        union all

        -- Who was answered within four hours; how many were decided the bands do not tell.
        select
            'K07' as kpi_id,
            period_kind,
            period_start_on,
            slice_kind,
            slice_value,
            sum(waits) as numerator,
            null as denominator
        from bands
        where up_to_s <= 14400
        group by period_kind, period_start_on, slice_kind, slice_value

        union all

        select
            'K16' as kpi_id,
            period_kind,
            period_start_on,
            'sla_policy' as slice_kind,
            policy_id as slice_value,
            kept as numerator,
            kept + broken as denominator
        from promises
        where kept + broken > 0

        union all

        select
            'K21' as kpi_id,
            period_kind,
            period_start_on,
            slice_kind,
            slice_value,
            open_cases as numerator,
            null as denominator
        from flow

        union all

        select
            'K15' as kpi_id,
            period_kind,
            period_start_on,
            slice_kind,
            slice_value,
            unanswered_cases as numerator,
            null as denominator
        from flow
    )

select told.*, scorecard.numerator as scorecard_numerator, scorecard.denominator as scorecard_parts
from told
left join
    scorecard
    on scorecard.kpi_id = told.kpi_id
    and scorecard.period_kind = told.period_kind
    and scorecard.period_start_on = told.period_start_on
    and scorecard.slice_kind = told.slice_kind
    and scorecard.slice_value = told.slice_value
where
    scorecard.kpi_id is null
    or told.numerator is null
    or scorecard.numerator is null
    or abs(told.numerator - scorecard.numerator) > 1e-6
    -- The bands do not tell how many were decided.
    or (told.denominator is not null and scorecard.denominator is null)
    or abs(told.denominator - scorecard.denominator) > 1e-6
