with
    calendars as (select * from {{ ref("business_calendars") }}),

    hours as (select * from {{ ref("business_hours") }}),

    holidays as (select * from {{ ref("business_holidays") }}),

    turns as (select * from {{ ref("int_conversation_turns") }}),

    days as (select day_on from {{ business_days("turns") }} as series),

    -- Wall times first: a shift that closes at or before it opens closes on the next day.
    shifts as (
        select
            calendars.calendar_id,
            calendars.zone,
            {{ wall_time("days.day_on", "hours.opens") }} as opens_local,
            case
                when hours.closes <= hours.opens
                then {{ wall_time(add_days("days.day_on", 1), "hours.closes") }}
                else {{ wall_time("days.day_on", "hours.closes") }}
            end as closes_local
        from days
        inner join hours on hours.iso_weekday = {{ iso_weekday("days.day_on") }}
        inner join calendars on calendars.calendar_id = hours.calendar_id
        left join
            holidays
            on holidays.calendar_id = hours.calendar_id
            and holidays.holiday_on = days.day_on
        where
            days.day_on >= hours.valid_from_on
            and (hours.valid_to_on is null or days.day_on < hours.valid_to_on)
            and holidays.holiday_on is null
    ),

    instants as (
        select
            calendar_id,
            {{ local_to_utc("opens_local", "zone") }} as opens_at,
            {{ local_to_utc("closes_local", "zone") }} as closes_at
        from shifts
    ),

    -- Shifts that touch or overlap are one interval: nobody's second counts twice.
    reaching as (
        select
            *,
            max(closes_at) over (
                partition by calendar_id
                order by opens_at, closes_at
                rows between unbounded preceding and 1 preceding
            ) as reached_at
        from instants
        where closes_at > opens_at
    ),

    islands as (
        select
            *,
            sum(case when reached_at >= opens_at then 0 else 1 end) over (
                partition by calendar_id
                order by opens_at, closes_at
                rows between unbounded preceding and current row
            ) as island
        from reaching
    ),

    intervals as (
        select calendar_id, min(opens_at) as opens_at, max(closes_at) as closes_at
        from islands
        group by calendar_id, island
    ),

    final as (
        select
            {{ surrogate_key(["calendar_id", "opens_at"]) }} as interval_key,
            calendar_id,
            opens_at,
            closes_at
        from intervals
    )

select *
from final
