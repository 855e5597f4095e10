with
    messages as (select * from {{ ref("int_messages_classified") }}),

    items as (select * from {{ ref("int_conversation_items") }}),

    final as (
        select
            messages.message_key,
            items.conversation_key,
            messages.profile_key,
            answered.message_key as in_reply_to_message_key,

            messages.sent_at,
            {{ reporting_date("messages.sent_at") }} as sent_on,

            case
                when messages.contact_id is not null
                then {{ surrogate_key(["messages.source", "messages.contact_id"]) }}
            end as contact_key,
            case
                when messages.agent_id is not null
                then {{ surrogate_key(["messages.source", "messages.agent_id"]) }}
            end as agent_key,

            messages.source,
            messages.network,
            messages.direction,
            messages.message_type,
            messages.directedness,
            messages.sentiment,
            messages.is_own,
            messages.is_bot,
            messages.is_spam,
            messages.is_hidden,
            messages.is_repost,
            messages.is_private,
            messages.is_removed,
            messages.needs_response,
            messages.is_eligible,
            messages.is_brand_love
        from messages
        inner join items on items.item_key = messages.message_key
        left join
            messages as answered
            on answered.source = messages.source
            and answered.natural_message_id = messages.in_reply_to_message_id
    )

select *
from final
