with
    messages as (select * from {{ ref("stg_ringcentral_engage__messages") }}),

    identities as (select * from {{ ref("stg_ringcentral_engage__identities") }}),

    journal as (select * from {{ ref("stg_ringcentral_engage__journal") }}),

    -- The journal notes that the reply assistant was used, not always which reply it offered.
    quick_replies as (
        select message_id, min(coalesce(step, 'reply_assistant')) as template_id
        from journal
        where event_word = 'content.reply_assistant_used' and message_id is not null
        group by message_id
    ),

    final as (
        select
            'ringcentral_engage' as source,
            messages.message_id as natural_message_id,
            messages.native_message_id,
            messages.thread_id,
            messages.profile_id,
            messages.in_reply_to_message_id,

            messages.sent_at,

            case when messages.direction = 'in' then messages.author_id end as contact_id,
            case
                when messages.direction = 'in' then identities.native_contact_id
            end as native_contact_id,
            messages.agent_id,

            messages.network_word,
            messages.message_type_word,
            messages.direction,
            messages.direction = 'out' and messages.is_automatic as is_bot,
            messages.direction = 'out' or coalesce(identities.is_own, false) as is_own,
            messages.is_private,
            messages.direction = 'in' and not messages.is_published as is_hidden,
            messages.is_removed,
            messages.sentiment,
            messages.tags_text,
            case when messages.direction = 'out' then quick_replies.template_id end as template_id,
            messages.message_text,
            false as is_stand_in,

            messages.source_file,
            messages.source_row
        from messages
        left join identities on identities.contact_id = messages.author_id
        left join quick_replies on quick_replies.message_id = messages.message_id
    )

select *
from final
