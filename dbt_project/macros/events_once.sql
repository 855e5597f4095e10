{#- Rows of a stream of web events that are known at the as-of, each event once: exports are restated and overlap, so an
    event arrives several times, and its latest version wins. `key` lists the columns that make rows one event, `visitor`
    is the browser among them. Events beside an instant and a name: few columns tell that most arrived once, and only the
    others have versions to choose among. The stream is read where it is needed: DuckDB keeps what a step that is asked
    twice has found, and these rows are many and wide. -#}
{% macro events_once(source, stream_name, visitor, key) -%}
    {%- set known -%}
        select *, coalesce({{ visitor }}, '') as visitor
        from {{ stream(source, stream_name) }}
        where event_timestamp <= {{ as_of() }}
    {%- endset -%}
    with
        repeated as (
            select
                visitor as repeated_visitor,
                event_timestamp as repeated_at,
                event_name as repeated_name
            from ({{ known }}) as events
            group by visitor, event_timestamp, event_name
            having count(*) > 1
        )

    select events.*
    from ({{ known }}) as events
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
                events.*,
                row_number() over (
                    partition by {{ surrogate_key(key) }} order by {{ latest_version_first() }}
                ) as place
            from ({{ known }}) as events
            inner join
                repeated
                on repeated.repeated_visitor = events.visitor
                and repeated.repeated_at = events.event_timestamp
                and repeated.repeated_name = events.event_name
        )
    where place = 1
{%- endmacro %}
