with
    items as (select * from {{ ref("int_conversation_items") }}),

    messages as (select * from {{ ref("int_messages_classified") }}),

    -- A close before anything was asked is not the close of what was asked.
    asked as (
        select conversation_key, min(item_at) as first_asked_at
        from items
        where is_eligible
        group by conversation_key
    ),

    counted as (
        select
            items.conversation_key,
            items.thread_key,
            items.segment_number,
            min(item_at) filter (where item_kind in ('inbound', 'human', 'bot')) as opened_at,
            max(item_at) filter (where item_kind in ('inbound', 'human', 'bot')) as last_message_at,
            max(item_at) filter (
                where item_kind in ('inbound', 'human', 'bot') or is_reopen
            ) as last_active_at,
            min(item_at) filter (where is_eligible) as first_inbound_at,
            min(item_at) filter (
                where is_close and item_at >= coalesce(asked.first_asked_at, item_at)
            ) as first_closed_at,
            max(item_at) filter (where is_close) as last_closed_at,
            count(*) filter (where is_close) as closes,
            count(*) filter (where is_reopen) as reopens,
            count(*) filter (where item_kind = 'inbound') as inbound_messages,
            count(*) filter (where item_kind = 'human') as human_replies,
            count(*) filter (where item_kind = 'bot') as bot_messages,
            count(*) filter (
                where is_close and agent_key is not null and not coalesce(is_automatic, false)
            ) as closes_by_person,
            count(*) filter (where is_eligible) > 0 as has_eligible,
            -- Open or closed at the end, and whether the last word is a customer's: the last item
            -- of each sort decides.
            coalesce(
                max(case when is_close then position end)
                > max(case when item_kind = 'inbound' or is_reopen then position end),
                max(case when is_close then 1 else 0 end) = 1
            ) as is_closed,
            coalesce(
                max(case when item_kind = 'inbound' then position end)
                > coalesce(max(case when item_kind = 'human' or is_close then position end), 0),
                false
            ) as is_customer_waiting
        from items
        left join asked on asked.conversation_key = items.conversation_key
        group by items.conversation_key, items.thread_key, items.segment_number
    ),

    from_messages as (
        select
            items.conversation_key,
            min_by(messages.contact_key, items.position) filter (
                where messages.direction = 'in' and messages.contact_key is not null
            ) as contact_key,
            max(messages.contact_key) as any_contact_key,
            count(*) filter (where messages.direction = 'in' and messages.is_spam) as spam_messages,
            count(*) filter (
                where messages.direction = 'in' and messages.directedness = 'to_us'
            ) as to_us_messages
        from items
        inner join messages on messages.message_key = items.item_key
        group by items.conversation_key
    ),

    first_messages as (
        select
            message_key as conversation_key,
            source,
            thread_id,
            network,
            profile_key,
            calendar_id,
            message_type,
            case when is_private then 'private' else 'public' end as visibility,
            case when direction = 'in' then 'customer' else 'brand' end as initiated_by
        from messages
    ),

    joined as (
        select
            counted.conversation_key,
            counted.thread_key,
            first_messages.source,
            first_messages.thread_id,
            first_messages.network,
            first_messages.profile_key,
            first_messages.calendar_id,
            first_messages.message_type,
            first_messages.visibility,
            coalesce(from_messages.contact_key, from_messages.any_contact_key) as contact_key,
            first_messages.initiated_by,
            counted.segment_number,
            counted.opened_at as segment_started_at,
            lead(counted.opened_at) over (
                partition by counted.thread_key order by counted.segment_number
            ) as segment_ends_before_at,
            counted.opened_at,
            counted.first_inbound_at,
            counted.last_message_at,
            counted.last_active_at,
            counted.first_closed_at,
            counted.last_closed_at,
            counted.closes,
            counted.closes_by_person,
            counted.reopens,
            counted.inbound_messages,
            counted.human_replies,
            counted.bot_messages,
            counted.is_closed,
            counted.is_customer_waiting,
            counted.inbound_messages > 0
            and counted.inbound_messages = from_messages.spam_messages as is_spam,
            case
                when from_messages.to_us_messages > 0 then 'to_us' else 'about_us'
            end as directedness,
            first_messages.initiated_by = 'customer'
            and counted.has_eligible
            and from_messages.to_us_messages > 0
            and counted.inbound_messages > from_messages.spam_messages as is_in_scope
        from counted
        inner join first_messages on first_messages.conversation_key = counted.conversation_key
        left join from_messages on from_messages.conversation_key = counted.conversation_key
    ),

    -- Silence ends a conversation only when nobody waits for us: a customer who waits never
    -- expires. It begins with the last message, or with a reopening that came after it.
    silences as (
        select
            *,
            case
                when is_closed
                then null
                when
                    not is_customer_waiting
                    and {{ add_seconds("last_active_at", var("silence_s")) }} <= {{ as_of() }}
                then {{ add_seconds("last_active_at", var("silence_s")) }}
            end as silent_at
        from joined
    ),

    final as (
        select
            *,
            case
                when is_closed
                then last_closed_at
                when silent_at is not null and segment_ends_before_at is not null
                then least(silent_at, segment_ends_before_at)
                else coalesce(silent_at, segment_ends_before_at)
            end as ended_at,
            case
                when is_closed
                then 'closed'
                when
                    silent_at is not null
                    and silent_at <= coalesce(segment_ends_before_at, silent_at)
                then 'silence'
                when segment_ends_before_at is not null
                then 'superseded'
                else 'open'
            end as end_reason
        from silences
    )

select *
from final
