{%- set key = [
    "'ga4'",
    "user_pseudo_id",
    "event_timestamp",
    "event_name",
    "batch_page_id",
    "batch_ordering_id",
    "batch_event_index",
    "page_location",
    "transaction_id",
] -%}
{%- set is_known = "event_timestamp <= " ~ as_of() -%}

with
    events as (select * from {{ stream("ga4", "events") }} where {{ is_known }}),

    arrivals as (
        select *, coalesce(user_pseudo_id, '') as visitor
        from {{ stream("ga4", "events") }}
        where {{ is_known }}
    ),

    -- Few columns tell that most events arrived once; only the others have versions to choose
    -- among.
    repeated as (
        select
            coalesce(user_pseudo_id, '') as repeated_visitor,
            event_timestamp as repeated_at,
            event_name as repeated_name
        from {{ stream("ga4", "events") }}
        where {{ is_known }}
        group by coalesce(user_pseudo_id, ''), event_timestamp, event_name
        having count(*) > 1
    ),

    -- Daily tables are restated for days and overlap the intraday table: the same event arrives
    -- several times.
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
            user_pseudo_id as visitor_id,
            user_id,
            ga_session_id as natural_session_id,
            batch_page_id,
            batch_ordering_id,
            batch_event_index,

            event_timestamp as occurred_at,
            event_date as property_on,

            event_name,
            page_location as page_url,
            page_referrer as referrer_url,
            manual_source,
            manual_medium,
            manual_campaign_name as manual_campaign,
            manual_campaign_id,
            manual_term,
            manual_content,
            gclid,
            dclid,
            srsltid,
            last_click_channel_group as reported_channel_group,
            case
                when session_engaged in ('1', 'true')
                then true
                when session_engaged is not null
                then false
            end as is_engaged_session,
            analytics_storage,
            device_category,
            country,

            engagement_time_msec,
            nullif(nullif(trim(transaction_id), ''), '(not set)') as transaction_id,
            purchase_revenue as revenue,
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
