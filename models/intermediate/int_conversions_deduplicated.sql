with
    events as (select * from {{ ref("int_web_events") }}),

    conversion_events as (select * from {{ ref("conversion_events") }}),

    sessioned as (select event_key, session_key from {{ ref("int_web_events_sessioned") }}),

    conversions as (
        select
            events.*,
            conversion_events.conversion_kind,
            conversion_events.is_primary,
            coalesce(events.transaction_id, events.event_key) as natural_conversion_id
        from events
        inner join conversion_events on conversion_events.event_name = events.event_name
    ),

    -- A reloaded thank-you page sends the same transaction again: the first event counts.
    final as (
        select
            {{
                surrogate_key(
                    [
                        "conversions.source",
                        "conversions.conversion_kind",
                        "conversions.natural_conversion_id",
                    ]
                )
            }} as conversion_key,
            conversions.source,
            sessioned.session_key,
            conversions.visitor_key,
            conversions.transaction_id,
            conversions.quote_number,

            conversions.occurred_at as converted_at,

            conversions.event_name,
            conversions.conversion_kind,
            conversions.is_primary,

            conversions.revenue as value,
            conversions.currency
        from conversions
        left join sessioned on sessioned.event_key = conversions.event_key
        qualify
            row_number() over (
                partition by
                    conversions.source,
                    conversions.conversion_kind,
                    conversions.natural_conversion_id
                order by
                    conversions.occurred_at,
                    conversions.order_1,
                    conversions.order_2,
                    conversions.order_3,
                    conversions.event_key
            )
            = 1
    )

select *
from final
