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

with
    -- Events carry no id: two that agree in all of this are one event seen twice.
    events as (
        {{ events_once("web_events", "events", visitor="user_pseudo_id, ga_client_id", key=key) }}
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
    )

select *
from final
