with
    ringcentral as (select * from {{ ref("stg_ringcentral_engage__journal") }}),

    final as (
        select
            {{ surrogate_key(["'ringcentral_engage'", "event_id"]) }} as event_key,
            {{ surrogate_key(["'ringcentral_engage'", "thread_id"]) }} as thread_key,
            {{ surrogate_key(["'ringcentral_engage'", "message_id"]) }} as message_key,
            'ringcentral_engage' as source,
            event_id as natural_event_id,
            event_at,
            agent_id,
            case
                when event_word in ('intervention.assigned', 'intervention.user_updated')
                then 'assigned'
                when event_word = 'intervention.closed'
                then 'closed'
                when event_word = 'intervention.reopened'
                then 'reopened'
                when event_word = 'virtual_agent.handover'
                then 'bot_handoff'
                when event_word = 'content.marked_as_spam'
                then 'marked_as_spam'
                else 'other'
            end as event_kind
        from ringcentral
    )

select *
from final
