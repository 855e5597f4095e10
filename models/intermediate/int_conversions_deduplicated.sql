with
    events as (select * from {{ ref("int_web_events") }}),

    conversion_events as (select * from {{ ref("conversion_events") }}),

    silent_visits as (select * from {{ ref("int_web_silent_visits") }}),

    conversions as (
        select
            events.*,
            coalesce(events.natural_session_id, silent_visits.session_name) as session_name,
            conversion_events.conversion_kind,
            conversion_events.is_primary,
            coalesce(events.transaction_id, events.event_key) as natural_conversion_id
        from events
        inner join conversion_events on conversion_events.event_name = events.event_name
        left join silent_visits on silent_visits.event_key = events.event_key
    ),

    -- A reloaded thank-you page sends the same transaction again: the first event counts.
    final as (
        select {{ all_but("place") }}
        from
            (
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
                    case
                        when conversions.visitor_key is not null
                        then
                            {{
                                surrogate_key(
                                    [
                                        "conversions.source",
                                        "conversions.visitor_key",
                                        "conversions.session_name",
                                    ]
                                )
                            }}
                    end as session_key,
                    conversions.visitor_key,
                    conversions.transaction_id,
                    conversions.quote_number,

                    conversions.occurred_at as converted_at,

                    conversions.event_name,
                    conversions.conversion_kind,
                    conversions.is_primary,

                    conversions.revenue as value,
                    conversions.currency,
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
                    ) as place
                from conversions
            )
        where place = 1
    )

select *
from final
