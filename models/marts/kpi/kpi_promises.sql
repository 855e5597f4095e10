with
    -- A promise given up within its time is broken, but nobody waited past the target.
    promises as (
        select *, outcome = 'breached' and elapsed_s <= target_s as is_given_up
        from {{ ref("fct_sla") }}
        where is_in_scope
    ),

    policies as (select * from {{ ref("dim_sla_policy") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    measured as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            promises.policy_id,
            count(*) as promises,
            count(*) filter (where promises.outcome = 'met') as kept,
            count(*) filter (where promises.outcome = 'breached') as broken,
            count(*) filter (where promises.outcome = 'pending') as undecided,
            count(*) filter (where promises.is_given_up) as given_up,
            count(*) filter (where promises.is_warned) as warned,
            count(*) filter (
                where promises.outcome = 'breached' and promises.ended_at is null
            ) as broken_and_open,
            {{ percentile_of_seconds("promises.elapsed_s", 0.5) }} filter (
                where promises.outcome in ('met', 'breached') and not promises.is_given_up
            ) as median_elapsed_s,
            {{ percentile_of_seconds("promises.elapsed_s", 0.9) }} filter (
                where promises.outcome in ('met', 'breached') and not promises.is_given_up
            ) as p90_elapsed_s,
            {{ percentile_of_seconds("promises.elapsed_s - promises.target_s", 0.5) }} filter (
                where promises.outcome = 'breached' and not promises.is_given_up
            ) as median_overrun_s
        from promises
        inner join period_days on period_days.date_on = promises.started_on
        group by period_days.period_kind, period_days.period_start_on, promises.policy_id
    ),

    final as (
        select
            {{ surrogate_key(["measured.period_kind", "measured.period_start_on", "policy_id"]) }}
            as promise_key,
            measured.period_kind,
            measured.period_start_on,
            measured.policy_id,
            policies.metric,
            policies.network,
            policies.priority,
            policies.vip,
            policies.clock,
            policies.target_s / 3600 as target_h,
            measured.promises,
            measured.kept,
            measured.broken,
            measured.given_up,
            measured.undecided,
            measured.warned,
            measured.broken_and_open,
            measured.kept / nullif(measured.kept + measured.broken, 0) as kept_share,
            measured.median_elapsed_s / 3600 as median_elapsed_h,
            measured.p90_elapsed_s / 3600 as p90_elapsed_h,
            measured.median_overrun_s / 3600 as median_overrun_h
        from measured
        inner join policies on policies.sla_policy_id = measured.policy_id
    )

select *
from final
