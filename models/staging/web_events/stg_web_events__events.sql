{%- set key = [
    "'web_events'",
    "coalesce(user_pseudo_id, ga_client_id)",
    "session_id",
    "event_timestamp",
    "event_name",
    "full_page_url",
    "order_id_after_generated",
    "quote_number_after_generated",
] -%}
{%- set is_known = "event_timestamp <= " ~ as_of() -%}

with
    events as (select * from {{ stream("web_events", "events") }} where {{ is_known }}),

    arrivals as (
        select *, coalesce(user_pseudo_id, ga_client_id, '') as visitor
        from {{ stream("web_events", "events") }}
        where {{ is_known }}
    ),

    -- Few columns tell that most events arrived once; only the others have versions to choose
    -- among.
    repeated as (
        select
            coalesce(user_pseudo_id, ga_client_id, '') as repeated_visitor,
            event_timestamp as repeated_at,
            event_name as repeated_name
        from {{ stream("web_events", "events") }}
        where {{ is_known }}
        group by coalesce(user_pseudo_id, ga_client_id, ''), event_timestamp, event_name
        having count(*) > 1
    ),

    -- Events carry no id: two that agree in all of this are one event seen twice.
    superseded as (
        select {{ all_but("place") }}
        from
            (
                select
                    arrivals._source_file,
                    arrivals._source_row,
                    arrivals._file_sha256,
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
        where place > 1
    ),

    final as (
        select
            {{ surrogate_key(key) }} as event_key,
            coalesce(user_pseudo_id, ga_client_id) as visitor_id,
            user_id_ui as user_id,
            session_id as natural_session_id,

            event_timestamp as occurred_at,
            event_date as site_on,

            event_name,
            full_page_url as page_url,
            full_referrer as referrer_url,
            source as reported_source,
            medium as reported_medium,
            gclid,
            fbclid,
            form_name,
            form_step_name,
            form_valid,
            traffic_category,
            custom_event,
            nullif(trim(quote_number_after_generated), '') as quote_number,
            nullif(trim(order_id_after_generated), '') as order_id,

            revenue,
            upper(nullif(trim(currency), '')) as currency
        from events
        left join
            superseded
            on superseded._source_file = events._source_file
            and superseded._source_row = events._source_row
            and superseded._file_sha256 = events._file_sha256
        where superseded._source_row is null
    )

select *
from final
