with
    exported as (select * from {{ stream("zendesk", "ticket_metric_events") }}),

    -- A breach to come is listed in advance.
    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by event_id order by {{ latest_version_first() }}
                    ) as place
                from exported
                where happened_at <= {{ as_of() }}
            )
        where place = 1
    ),

    final as (
        select
            event_id,
            ticket_id,

            happened_at as event_at,

            lower(metric) as metric_word,
            lower(event_type) as event_word
        from latest
        where not coalesce(deleted, false)
    )

select *
from final
