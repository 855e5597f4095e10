with
    sessions as (select * from {{ ref("fct_web_sessions") }} where not is_automated),

    conversions as (select * from {{ ref("fct_conversions") }} where visitor_key is not null),

    converting as (select distinct visitor_key from conversions),

    -- A visit that begins in the very instant of the conversion comes before it.
    timeline as (
        select
            sessions.visitor_key,
            sessions.started_at as happened_at,
            0 as is_conversion,
            cast(null as {{ dbt.type_string() }}) as conversion_key,
            sessions.session_number
        from sessions
        inner join converting on converting.visitor_key = sessions.visitor_key

        union all

        select
            visitor_key,
            converted_at as happened_at,
            1 as is_conversion,
            conversion_key,
            null as session_number
        from conversions
    ),

    -- One pass in order of time, not every session of a visitor beside each of the conversions.
    preceded as (
        select
            conversion_key,
            max(session_number) over (
                partition by visitor_key
                order by happened_at, is_conversion
                rows between unbounded preceding and current row
            ) as last_session_number
        from timeline
    ),

    converted as (
        select
            conversions.conversion_key as journey_key,
            conversions.conversion_key,
            conversions.visitor_key,
            {{ quarter_start("conversions.converted_on") }} as quarter_start_on,
            conversions.converted_at as ended_at,
            preceded.last_session_number,
            conversions.is_primary
        from conversions
        inner join preceded on preceded.conversion_key = conversions.conversion_key
        where preceded.last_session_number is not null
    ),

    buyers as (select distinct visitor_key, quarter_start_on from converted where is_primary),

    visited as (
        select
            visitor_key,
            {{ quarter_start("started_on") }} as quarter_start_on,
            max(started_at) as ended_at,
            max(session_number) as last_session_number
        from sessions
        group by visitor_key, {{ quarter_start("started_on") }}
    ),

    -- Who came in a quarter and did not buy in it: a journey that led nowhere, up to the last visit
    -- of the quarter. What happens later changes nothing about it.
    unconverted as (
        select visited.*
        from visited
        left join
            buyers
            on buyers.visitor_key = visited.visitor_key
            and buyers.quarter_start_on = visited.quarter_start_on
        where buyers.visitor_key is null
    ),

    final as (
        select
            journey_key,
            conversion_key,
            visitor_key,

            quarter_start_on,
            ended_at,

            last_session_number,
            is_primary as is_in_estimate
        from converted

        union all

        select
            {{ surrogate_key(["visitor_key", "quarter_start_on"]) }} as journey_key,
            cast(null as {{ dbt.type_string() }}) as conversion_key,
            visitor_key,

            quarter_start_on,
            ended_at,

            last_session_number,
            true as is_in_estimate
        from unconverted
    )

select *
from final
