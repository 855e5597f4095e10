with
    calendars as (select * from {{ ref("business_calendars") }}),

    intervals as (select * from {{ ref("int_business_intervals") }}),

    turns as (select * from {{ ref("int_conversation_turns") }}),

    days as (select day_on from {{ business_days("turns") }} as series),

    -- A calendar changes where it opens and closes; midnights cut it into days, so that an instant
    -- is found by equal calendar and day.
    changes as (
        select calendar_id, opens_at as begins_at, 1 as change
        from intervals

        union all

        select calendar_id, closes_at as begins_at, 0 as change
        from intervals

        union all

        select
            calendars.calendar_id,
            cast(days.day_on as timestamp) as begins_at,
            cast(null as integer) as change
        from calendars
        cross join days
    ),

    pieces as (
        select calendar_id, begins_at, max(change) as change
        from changes
        group by calendar_id, begins_at
    ),

    stated as (
        select
            calendar_id,
            begins_at,
            lead(begins_at) over (partition by calendar_id order by begins_at) as ends_at,
            coalesce(
                change, {{ previous_known("change", "calendar_id", "begins_at") }}, 0
            ) as is_open_number
        from pieces
    ),

    measured as (
        select *, is_open_number * {{ seconds_between("begins_at", "ends_at") }} as open_s
        from stated
        where ends_at is not null
    ),

    final as (
        select
            {{ surrogate_key(["calendar_id", "begins_at"]) }} as clock_key,
            calendar_id,
            cast(begins_at as date) as day_on,
            begins_at,
            ends_at,
            is_open_number = 1 as is_open,
            cast(
                coalesce(
                    sum(open_s) over (
                        partition by calendar_id
                        order by begins_at
                        rows between unbounded preceding and 1 preceding
                    ),
                    0
                ) as bigint
            ) as open_before_s
        from measured
    )

select *
from final
