with
    journal as (select * from {{ ref("stg_ringcentral_engage__journal") }}),

    messages as (select * from {{ ref("stg_ringcentral_engage__messages") }}),

    -- The first automatic answer of a thread is where its bot began.
    bot_starts as (
        select {{ all_but("place") }}
        from
            (
                select
                    thread_id,
                    message_id,
                    sent_at,
                    row_number() over (
                        partition by thread_id order by sent_at, length(message_id), message_id
                    ) as place
                from messages
                where direction = 'out' and is_automatic
            )
        where place = 1
    ),

    read as (
        select
            *,
            case
                when event_word in ('intervention.assigned', 'intervention.user_updated')
                then 'assigned'
                when event_word in ('intervention.deferred', 'intervention.reactivated')
                then 'status'
                when event_word = 'intervention.closed'
                then 'closed'
                when event_word = 'intervention.reopened'
                then 'reopened'
                when event_word = 'virtual_agent.handover'
                then 'bot_handoff'
                when event_word = 'content.marked_as_spam'
                then 'marked_as_spam'
                when
                    event_word in (
                        'content.categorized', 'content.recategorized', 'intervention.recategorized'
                    )
                then 'tagged'
                when event_word = 'content.liked'
                then 'liked'
                when event_word = 'content.ignored'
                then 'completed'
                when event_word = 'content.reply_assistant_used'
                then 'replied'
                when event_word = 'survey.sent'
                then 'survey_sent'
                else 'other'
            end as event_kind
        from journal
    ),

    final as (
        select
            'ringcentral_engage' as source,
            event_id as natural_event_id,
            thread_id,
            message_id,
            event_at,
            agent_id,
            rule_id is not null or (event_kind <> 'assigned' and agent_id is null) as is_automatic,
            event_kind,
            case
                when event_word = 'intervention.deferred'
                then 'pending'
                when event_word = 'intervention.reactivated'
                then 'open'
                when event_kind = 'replied'
                then coalesce(step, 'reply_assistant')
                when event_kind = 'other'
                then event_word
            end as event_value
        from read

        union all

        select
            'ringcentral_engage' as source,
            'bot:' || message_id as natural_event_id,
            thread_id,
            message_id,
            sent_at as event_at,
            cast(null as {{ dbt.type_string() }}) as agent_id,
            true as is_automatic,
            'bot_started' as event_kind,
            cast(null as {{ dbt.type_string() }}) as event_value
        from bot_starts
    )

select *
from final
