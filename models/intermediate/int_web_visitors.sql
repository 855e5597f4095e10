with
    sessions as (select * from {{ ref("int_web_session_sources") }}),

    days as (
        select
            visitor_key,
            cast(started_at as date) as visited_on,
            count(*) as sessions,
            sum(events) as events
        from sessions
        group by visitor_key, cast(started_at as date)
    ),

    -- A person at a keyboard causes a few hundred events in a day; scripts that test, watch and
    -- copy sites cause as many in a minute.
    final as (
        select
            visitor_key,
            cast(sum(sessions) as bigint) as sessions,
            cast(sum(events) as bigint) as events,
            cast(max(events) as bigint) as events_on_busiest_day,
            max(events) > {{ var("automated_visitor_events_a_day") }}
            or sum(events) > {{ var("automated_visitor_events") }} as is_automated
        from days
        group by visitor_key
    )

select *
from final
