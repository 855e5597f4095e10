with
    exported as (select * from {{ stream("zendesk", "tickets_csv") }}),

    deduplicated as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by ticket_id, _exported_at
                        order by updated_at desc, {{ latest_version_first() }}
                    ) as place
                from exported
                where
                    created_at <= {{ as_of() }}
                    and coalesce(updated_at, created_at) <= {{ as_of() }}
            )
        where place = 1
    ),

    -- Minutes and, for the resolution alone, whole hours become seconds here.
    final as (
        select
            {{ surrogate_key(["ticket_id", "_exported_at"]) }} as ticket_snapshot_key,
            ticket_id,
            row_number() over (
                partition by ticket_id
                order by _exported_at desc, updated_at desc, {{ latest_version_first() }}
            )
            = 1 as is_latest,

            _exported_at as exported_at,
            created_at,
            updated_at,
            initially_assigned_at,
            assigned_at,
            solved_at,
            _zone_notes is not null as has_doubtful_times,

            requester_id,
            assignee as agent_name,
            group_name,

            lower(status) as status,
            case
                when lower(priority) = 'urgent' then 'critical' else lower(priority)
            end as priority,
            -- Words divided by spaces; with commas around them no word is part of another.
            replace({{ squeeze_spaces("tags") }}, ' ', ',') as tags_text,
            lower(satisfaction_score) as satisfaction_score,

            reopens,
            replies,
            first_reply_time_in_minutes * 60 as first_reply_s,
            first_reply_time_in_minutes_within_business_hours * 60 as first_reply_business_s,
            first_resolution_time_in_minutes * 60 as first_resolution_s,
            coalesce(
                full_resolution_time_in_minutes * 60, resolution_time_h * 3600
            ) as full_resolution_s
        from deduplicated
    )

select *
from final
