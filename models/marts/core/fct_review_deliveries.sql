with
    delivered as (select * from {{ ref("int_reviews_delivered") }}),

    cadences as (select * from {{ ref("review_cadences") }}),

    periods as (select * from {{ ref("dim_period") }}),

    -- Nobody was late before the first review of a kind was ever written.
    beginnings as (
        select cadence, min(period_start_on) as first_period_on from delivered group by cadence
    ),

    due as (
        select
            cadences.cadence,
            periods.period_kind,
            periods.period_start_on,
            periods.period_end_on,
            {{ add_seconds("periods.period_ends_at", "cadences.due_s") }} as due_at
        from cadences
        inner join beginnings on beginnings.cadence = cadences.cadence
        inner join
            periods
            on periods.period_kind = cadences.period_kind
            and periods.period_start_on >= beginnings.first_period_on
    ),

    final as (
        select
            {{ surrogate_key(["due.cadence", "due.period_start_on"]) }} as review_key,

            due.period_start_on,
            due.period_end_on,
            due.due_at,
            cast({{ reporting_date("due.due_at") }} as date) as due_on,
            delivered.delivered_at,
            delivered.rewritten_at,

            due.cadence,
            due.period_kind,
            coalesce(delivered.delivered_at <= due.due_at, false) as is_on_time,

            cast(coalesce(delivered.deliveries, 0) as bigint) as deliveries
        from due
        left join
            delivered
            on delivered.cadence = due.cadence
            and delivered.period_start_on = due.period_start_on
        where due.due_at <= {{ as_of() }}
    )

select *
from final
