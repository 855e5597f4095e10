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

with
    -- Daily tables are restated for days and overlap the intraday table.
    events as ({{ events_once("ga4", "events", visitor="user_pseudo_id", key=key) }}),

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
    )

select *
from final
