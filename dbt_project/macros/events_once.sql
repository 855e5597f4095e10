{#- Rows of a stream of web events that are known at the as-of, each event once: exports are restated and overlap, so an
    event arrives several times, and its latest version wins. `key` lists the columns that make rows one event, `visitor`
    is the browser among them. Events beside an instant and a name: few columns tell that most arrived once, and only the
    others have versions to choose among. -#}
{% macro events_once(source, stream_name, visitor, key) -%}
    {%- set is_known = "event_timestamp <= " ~ as_of() -%}
    with
        events as (
            select *, coalesce({{ visitor }}, '') as visitor
            from {{ stream(source, stream_name) }}
            where {{ is_known }}
        ),

        repeated as (
            select
                coalesce({{ visitor }}, '') as repeated_visitor,
                event_timestamp as repeated_at,
                event_name as repeated_name
            from {{ stream(source, stream_name) }}
            where {{ is_known }}
            group by coalesce({{ visitor }}, ''), event_timestamp, event_name
            having count(*) > 1
        ),

        arrivals as (
            select *, coalesce({{ visitor }}, '') as visitor
            from {{ stream(source, stream_name) }}
            where {{ is_known }}
        )

    select events.*
    from events
    left join
        repeated
        on repeated.repeated_visitor = events.visitor
        and repeated.repeated_at = events.event_timestamp
        and repeated.repeated_name = events.event_name
    where repeated.repeated_at is null
    union all
    select {{ all_but("place") }}
    from
        (
            select
                arrivals.*,
                row_number() over (
                    partition by {{ surrogate_key(key) }} order by {{ latest_version_first() }}
                ) as place
            from arrivals
            inner join
                repeated
                on repeated.repeated_visitor = arrivals.visitor
                and repeated.repeated_at = arrivals.event_timestamp
                and repeated.repeated_name = arrivals.event_name
        )
    where place = 1
{%- endmacro %}
