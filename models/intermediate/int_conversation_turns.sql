with
    items as (select * from {{ ref("int_conversation_items") }}),

    segments as (select * from {{ ref("int_conversation_segments") }}),

    grouped as (
        select
            conversation_key,
            turn_number,
            min(item_at) filter (where is_customer and is_eligible) as first_eligible_at,
            min(item_at) filter (where is_customer) as first_message_at,
            count(*) filter (where is_customer) as customer_messages,
            count(*) filter (where is_eligible) > 0 as is_eligible,
            count(*) filter (where is_eligible_to_us) > 0 as is_to_us,
            min_by(item_key, position) filter (where is_customer) as first_message_key,
            min_by(contact_key, position) filter (where is_customer) as contact_key,
            max(item_at) filter (where item_kind = 'human' or is_close) as terminated_at,
            max(item_key) filter (where item_kind = 'human') as reply_message_key,
            max(agent_key) filter (where item_kind = 'human') as reply_agent_key,
            count(*) filter (where item_kind = 'human') > 0 as is_replied,
            count(*) filter (where is_close) > 0 as is_closed_unanswered,
            count(*) filter (
                where is_close and agent_key is not null and not coalesce(is_automatic, false)
            )
            > 0 as is_closed_by_person
        from items
        group by conversation_key, turn_number
        having count(*) filter (where is_customer) > 0
    ),

    started as (
        select
            *,
            coalesce(first_eligible_at, first_message_at) as started_at,
            case when is_replied then terminated_at end as replied_at
        from grouped
    ),

    bots as (
        select started.conversation_key, started.turn_number, min(items.item_at) as bot_replied_at
        from started
        inner join
            items
            on items.conversation_key = started.conversation_key
            and items.turn_number = started.turn_number
            and items.item_kind = 'bot'
            and items.item_at >= started.started_at
        group by started.conversation_key, started.turn_number
    ),

    handoffs as (
        select started.conversation_key, started.turn_number, min(items.item_at) as handed_off_at
        from started
        inner join
            items
            on items.conversation_key = started.conversation_key
            and items.turn_number = started.turn_number
            and items.item_kind = 'bot_handoff'
            and items.item_at >= started.started_at
        group by started.conversation_key, started.turn_number
    ),

    -- A bot never stops the clock; its hand-over to a person starts it anew.
    clocked as (
        select
            started.*,
            bots.bot_replied_at,
            handoffs.handed_off_at,
            coalesce(handoffs.handed_off_at, started.started_at) as clock_started_at,
            not started.is_replied
            and bots.bot_replied_at is not null
            and handoffs.handed_off_at is null
            and started.is_closed_unanswered as is_bot_contained
        from started
        left join
            bots
            on bots.conversation_key = started.conversation_key
            and bots.turn_number = started.turn_number
        left join
            handoffs
            on handoffs.conversation_key = started.conversation_key
            and handoffs.turn_number = started.turn_number
    ),

    firsts as (
        select {{ all_but("place") }}
        from
            (
                select
                    conversation_key,
                    turn_number,
                    row_number() over (
                        partition by conversation_key order by is_replied desc, turn_number
                    ) as place
                from clocked
                where is_eligible and not is_bot_contained
            )
        where place = 1
    ),

    final as (
        select
            {{ surrogate_key(["clocked.first_message_key", "'turn'"]) }} as turn_key,
            clocked.conversation_key,
            clocked.turn_number,
            clocked.first_message_key,
            clocked.reply_message_key,
            clocked.reply_agent_key,
            segments.source,
            segments.thread_key,
            segments.network,
            segments.profile_key,
            segments.calendar_id,
            clocked.contact_key,
            segments.initiated_by,
            segments.directedness,

            clocked.started_at,
            clocked.clock_started_at,
            clocked.bot_replied_at,
            clocked.handed_off_at,
            clocked.replied_at,
            -- A wait that ended without an answer ended with the close or with the next
            -- conversation of the thread.
            case
                when not clocked.is_replied
                then coalesce(clocked.terminated_at, segments.segment_ends_before_at)
            end as abandoned_at,

            clocked.customer_messages,
            clocked.is_eligible,
            clocked.is_replied,
            clocked.is_closed_by_person,
            clocked.is_bot_contained,
            firsts.turn_number is not null as is_first,
            clocked.is_eligible and clocked.is_to_us and segments.is_in_scope as is_in_scope,

            {{ seconds_between("clocked.clock_started_at", "clocked.replied_at") }} as wait_s,
            {{ seconds_between("clocked.started_at", "clocked.bot_replied_at") }} as bot_s
        from clocked
        inner join segments on segments.conversation_key = clocked.conversation_key
        left join
            firsts
            on firsts.conversation_key = clocked.conversation_key
            and firsts.turn_number = clocked.turn_number
    )

select *
from final
