with
    exported as (select * from {{ stream("zendesk", "ticket_metrics") }}),

    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by ticket_id
                        order by updated_at desc, {{ latest_version_first() }}
                    ) as place
                from exported
                where coalesce(updated_at, created_at, _exported_at) <= {{ as_of() }}
            )
        where place = 1
    ),

    final as (
        select
            ticket_id,

            coalesce(updated_at, _exported_at) as known_at,
            initially_assigned_at,
            assigned_at,
            solved_at,

            reopens,
            replies,
            reply_time_min_calendar * 60 as first_reply_s,
            reply_time_min_business * 60 as first_reply_business_s,
            first_resolution_time_min_calendar * 60 as first_resolution_s,
            full_resolution_time_min_calendar * 60 as full_resolution_s
        from latest
    )

select *
from final
