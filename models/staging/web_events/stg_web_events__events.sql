with
    events as (select * from {{ source("web_events", "events") }}),

    known as (select * from events where event_timestamp <= {{ as_of() }}),

    -- Events carry no id: two that agree in all of this are one event seen twice.
    keyed as (
        select
            *,
            {{
                surrogate_key(
                    [
                        "'web_events'",
                        "coalesce(user_pseudo_id, ga_client_id)",
                        "session_id",
                        "event_timestamp",
                        "event_name",
                        "full_page_url",
                        "order_id_after_generated",
                        "quote_number_after_generated",
                    ]
                )
            }} as event_key
        from known
    ),

    deduplicated as (
        select *
        from keyed
        qualify row_number() over (partition by event_key order by {{ latest_version_first() }}) = 1
    ),

    final as (
        select
            event_key,
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
        from deduplicated
    )

select *
from final
