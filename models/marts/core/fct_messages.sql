with
    messages as (select * from {{ ref("int_messages_classified") }}),

    items as (select * from {{ ref("int_conversation_items") }}),

    turns as (select * from {{ ref("int_conversation_turns") }}),

    redirects as (select * from {{ ref("int_message_redirects") }}),

    vip_members as (select * from {{ ref("bridge_contact_vip") }}),

    vip_messages as (
        select distinct messages.message_key
        from messages
        inner join
            vip_members
            on vip_members.contact_key = messages.contact_key
            and {{ in_force("vip_members", "messages.sent_at") }}
    ),

    -- What a person did with a message besides answering it; rules and bots do not count.
    touched as (
        select distinct message_key
        from items
        where
            item_kind in ('liked', 'tagged', 'completed')
            and not is_automatic
            and message_key is not null
    ),

    final as (
        select
            messages.message_key,
            items.conversation_key,
            messages.thread_key,
            turns.turn_key,
            messages.profile_key,
            messages.in_reply_to_message_key,

            messages.sent_at,
            {{ reporting_date("messages.sent_at") }} as sent_on,
            items.position as thread_position,

            messages.contact_key,
            messages.agent_key,

            messages.source,
            messages.network,
            messages.direction,
            messages.message_type,
            case when messages.is_private then 'private' else 'public' end as visibility,
            messages.directedness,
            messages.sentiment,
            messages.template_id,
            redirects.redirect_kind,
            redirects.redirect_content,
            messages.is_own,
            messages.is_bot,
            messages.is_spam,
            messages.is_hidden,
            messages.is_repost,
            messages.is_private,
            messages.is_removed,
            vip_messages.message_key is not null as is_vip,
            messages.needs_response,
            messages.is_eligible,
            messages.is_brand_love,
            messages.direction = 'in'
            and (
                coalesce(turns.is_replied or turns.is_closed_by_person, false)
                or touched.message_key is not null
            ) as is_actioned
        from messages
        inner join items on items.item_key = messages.message_key
        left join
            turns
            on turns.conversation_key = items.conversation_key
            and turns.turn_number = case when items.is_customer then items.turn_number end
        left join redirects on redirects.message_key = messages.message_key
        left join vip_messages on vip_messages.message_key = messages.message_key
        left join touched on touched.message_key = messages.message_key
    )

select *
from final
