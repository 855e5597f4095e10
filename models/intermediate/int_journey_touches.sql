{%- set most = var("attribution_max_touches") -%}

with
    journeys as (select * from {{ ref("int_journeys") }}),

    sessions as (select * from {{ ref("fct_web_sessions") }} where not is_automated),

    -- The latest sessions of a journey lie in its own hundreds or in those before: a visitor with
    -- very many sessions and conversions is not squared.
    reaches as (
        select
            journeys.*,
            cast(floor(last_session_number / {{ most }}.0) as bigint) - parts.part as session_block
        from journeys
        cross join
            (
                select 0 as part
                union all
                select 1 as part
            ) as parts
        where last_session_number >= parts.part * {{ most }}
    ),

    visits as (
        select
            session_key,
            visitor_key,
            started_at,
            session_number,
            cast(floor(session_number / {{ most }}.0) as bigint) as session_block,
            {{ channel_state("channel_group", "network") }} as channel_state,
            is_source_known
        from sessions
    ),

    touches as (
        select
            reaches.journey_key,
            reaches.conversion_key,
            visits.session_key,
            reaches.quarter_start_on,
            reaches.is_in_estimate,
            visits.session_number,
            visits.channel_state,
            visits.is_source_known,
            {{ microseconds_between("visits.started_at", "reaches.ended_at") }} as before_us
        from reaches
        inner join
            visits
            on visits.visitor_key = reaches.visitor_key
            and visits.session_block = reaches.session_block
        where
            visits.session_number <= reaches.last_session_number
            and visits.session_number > reaches.last_session_number - {{ most }}
    ),

    -- Elapsed time to the microsecond, not midnights crossed: day 180 sharp is still inside.
    final as (
        select *
        from touches
        where before_us <= cast({{ attribution_lookbacks() | max }} as bigint) * 1000000
    )

select *
from final
