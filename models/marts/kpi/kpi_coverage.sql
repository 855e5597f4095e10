with
    replies as (select * from {{ ref("fct_replies") }} where is_in_scope and not is_bot_contained),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    happened as (
        select
            started_on as date_on,
            network,
            {{ hour_of_week("started_at") }} as hour_of_week,
            1 as demand_turns,
            case when is_replied and wait_s <= 3600 then 1 else 0 end as answered_within_1h,
            0 as replies
        from replies

        union all

        select
            replied_on as date_on,
            network,
            {{ hour_of_week("replied_at") }} as hour_of_week,
            0 as demand_turns,
            0 as answered_within_1h,
            1 as replies
        from replies
        where is_replied
    ),

    counted as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            happened.network,
            happened.hour_of_week,
            sum(happened.demand_turns) as demand_turns,
            sum(happened.answered_within_1h) as answered_within_1h,
            sum(happened.replies) as replies
        from happened
        inner join period_days on period_days.date_on = happened.date_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            happened.network,
            happened.hour_of_week
    ),

    final as (
        select
            {{ surrogate_key(["period_kind", "period_start_on", "network", "hour_of_week"]) }}
            as coverage_key,
            period_kind,
            period_start_on,
            network,
            hour_of_week,
            cast(floor(hour_of_week / 24) + 1 as bigint) as iso_weekday,
            cast(hour_of_week % 24 as bigint) as hour_of_day,
            cast(demand_turns as bigint) as demand_turns,
            cast(answered_within_1h as bigint) as answered_within_1h,
            cast(replies as bigint) as replies
        from counted
    )

select *
from final
