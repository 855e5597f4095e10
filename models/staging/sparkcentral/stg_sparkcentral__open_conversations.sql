with
    exported as (select * from {{ stream("sparkcentral", "open_conversations") }}),

    -- Every snapshot is kept: who is missing in one has been resolved before it was taken.
    one_row_a_snapshot as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    lower(replace(trim(status), ' ', '_')) as status_word,
                    row_number() over (
                        partition by conversation_id, _exported_at
                        order by {{ latest_version_first() }}
                    ) as place
                from exported
                where _exported_at <= {{ as_of() }}
            )
        where place = 1
    ),

    final as (
        select
            {{ surrogate_key(["conversation_id", "_exported_at"]) }} as open_export_key,
            conversation_id as thread_id,
            channel as profile_id,

            _exported_at as exported_at,
            case when resolved_at <= _exported_at then resolved_at end as resolved_at,
            first_assigned_at,

            last_status_change_agent_id as agent_id,

            case
                when status_word = 'pending'
                then 'pending'
                when status_word in ('on_hold', 'onhold', 'hold', 'snoozed')
                then 'on_hold'
                else 'open'
            end as status,
            {{ priority_word("priority") }} as priority,
            topic,
            tags as tags_text,
            bot_started_at,
            bot_handed_over_at
        from one_row_a_snapshot
    )

select *
from final
