with
    exported as (select * from {{ stream("sparkcentral", "resolved_conversations") }}),

    -- Every export of a conversation is kept. Each window holds what was resolved for the first
    -- time
    -- in it; a window exported again holds the same conversations, with later data.
    one_row_an_export as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by conversation_id, _exported_at
                        order by {{ latest_version_first() }}
                    ) as place
                from exported
                where
                    resolved_at <= {{ as_of() }}
                    and (_exported_at <= {{ as_of() }} or not _exported_at_is_known)
            )
        where place = 1
    ),

    final as (
        select
            {{ surrogate_key(["conversation_id", "_exported_at"]) }} as resolved_export_key,
            conversation_id as thread_id,
            channel as profile_id,

            _exported_at as exported_at,
            resolved_at,
            first_assigned_at,

            last_status_change_agent_id as agent_id,

            {{ priority_word("priority") }} as priority,
            topic,
            tags as tags_text,
            bot_started_at,
            bot_handed_over_at
        from one_row_an_export
    )

select *
from final
