with
    items as (select * from {{ ref("int_conversation_items") }}),

    segments as (select * from {{ ref("int_conversation_segments") }}),

    spans as (select * from {{ ref("int_conversation_spans") }}),

    turns as (select * from {{ ref("int_conversation_turns") }}),

    agent_teams as (select * from {{ ref("int_agent_teams") }}),

    clock as (select * from {{ ref("int_business_clock") }}),

    entries as (
        select
            items.item_key as entry_key,
            items.conversation_key,
            items.thread_key,
            items.conversation_position as entry_number,
            items.item_at as happened_at,
            case
                when items.item_kind = 'inbound' and items.is_customer
                then 'customer_message'
                when items.item_kind = 'inbound'
                then 'own_message'
                when items.item_kind = 'human'
                then 'human_reply'
                when items.item_kind = 'bot'
                then 'bot_reply'
                else items.item_kind
            end as entry_kind,
            items.event_value,
            items.is_automatic,
            items.is_eligible,
            items.is_close,
            items.is_reopen,
            items.agent_key,
            agent_teams.team,
            segments.calendar_id,
            turns.turn_key,
            turns.turn_number,
            turns.started_at as turn_started_at,
            turns.clock_started_at,
            coalesce(turns.replied_at, turns.abandoned_at) as wait_ended_at,
            turns.is_eligible as is_turn_eligible,
            turns.is_first,
            turns.is_bot_contained
        from items
        inner join segments on segments.conversation_key = items.conversation_key
        left join
            turns
            on turns.conversation_key = items.conversation_key
            and turns.turn_number = items.turn_number
            and items.item_at >= turns.started_at
        left join
            agent_teams
            on agent_teams.agent_key = items.agent_key
            and {{ in_force("agent_teams", "items.item_at") }}
    ),

    -- Nobody's clock runs before the turn begins or after its wait has ended.
    waited as (
        select
            entries.*,
            entries.is_turn_eligible
            and entries.happened_at >= entries.clock_started_at
            and entries.happened_at
            <= coalesce(entries.wait_ended_at, entries.happened_at) as is_waiting
        from entries
    ),

    timed as (
        select
            waited.*,
            -- Open time up to an entry: whole spans before it, and the part of the one it lies in.
            coalesce(
                spans.open_before_s
                +
                {{
                    seconds_between(
                        "spans.span_started_at",
                        "least(coalesce(spans.span_ended_at, waited.happened_at), waited.happened_at)",
                    )
                }},
                0
            ) as running_open_s,
            case
                when waited.is_waiting
                then {{ seconds_between("waited.clock_started_at", "waited.happened_at") }}
            end as running_wait_s,
            case
                when waited.is_waiting
                then
                    {{
                        business_seconds_between(
                            "start_clock",
                            "waited.clock_started_at",
                            "entry_clock",
                            "waited.happened_at",
                        )
                    }}
            end as running_wait_business_s
        from waited
        left join
            spans
            on spans.conversation_key = waited.conversation_key
            and spans.span_started_at <= waited.happened_at
            and waited.happened_at < coalesce(spans.next_span_started_at, {{ far_future() }})
        left join
            clock as start_clock
            on
            {{ business_clock_at("start_clock", "waited.calendar_id", "waited.clock_started_at") }}
        left join
            clock as entry_clock
            on {{ business_clock_at("entry_clock", "waited.calendar_id", "waited.happened_at") }}
    ),

    final as (
        select
            entry_key,
            conversation_key,
            entry_number,

            happened_at,

            agent_key,
            case when agent_key is not null then coalesce(team, 'unassigned') end as team,

            entry_kind,
            event_value,
            is_automatic,
            cast(turn_number as bigint) as turn_number,
            case
                when entry_kind = 'customer_message' and is_reopen and is_eligible
                then 'Customer writes and opens the closed conversation again'
                when entry_kind = 'customer_message' and is_reopen
                then
                    'Customer writes, which needs no answer, and opens the closed conversation again'
                when entry_kind = 'customer_message' and not is_eligible
                then 'Customer writes; needs no answer, so no clock starts'
                when entry_kind = 'customer_message' and happened_at < clock_started_at
                then 'Customer writes; a bot takes it, so the clock starts when it hands over'
                when entry_kind = 'customer_message' and happened_at = turn_started_at
                then 'Customer writes; the clock starts'
                when entry_kind = 'customer_message'
                then 'Customer writes again; the clock runs on from the first message'
                when entry_kind = 'human_reply' and is_waiting and is_first
                then 'First human reply; the clock stops'
                when entry_kind = 'human_reply' and is_waiting
                then 'Human reply; the clock stops'
                when entry_kind = 'human_reply'
                then 'We write; nobody waits'
                when entry_kind = 'bot_reply'
                then 'Bot answers; it never stops the clock'
                when entry_kind = 'bot_handoff' and happened_at = clock_started_at
                then 'Bot hands over to people; the clock starts anew'
                when entry_kind = 'bot_handoff'
                then 'Bot hands over to people'
                when entry_kind = 'closed' and is_close and is_waiting and is_bot_contained
                then 'Closed after the bot alone; nobody waited for a person'
                when entry_kind = 'closed' and is_close and is_waiting
                then 'Closed; the wait ends without an answer'
                when entry_kind = 'closed' and is_close
                then 'Closed'
                when entry_kind = 'closed'
                then 'Closed again, which changes nothing'
                when entry_kind = 'reopened' and is_reopen
                then 'Opened again'
                when entry_kind = 'reopened'
                then 'Opened again, which changes nothing'
                when entry_kind = 'assigned' and agent_key is null
                then 'Taken from whoever was in charge'
                when entry_kind = 'assigned'
                then 'Given to somebody'
                when entry_kind = 'bot_started'
                then 'A bot begins'
                when entry_kind = 'status'
                then 'Status: ' || coalesce(event_value, 'unknown')
                when entry_kind = 'priority'
                then 'Priority: ' || coalesce(event_value, 'unknown')
                when entry_kind = 'replied'
                then 'A quick reply is used: ' || coalesce(event_value, 'unknown')
                when entry_kind = 'marked_as_spam'
                then 'Marked as spam'
                when entry_kind = 'survey_sent'
                then 'A survey is sent'
                when entry_kind = 'other'
                then 'Noted by the tool: ' || coalesce(event_value, 'something')
                else 'Message ' || entry_kind || coalesce(': ' || event_value, '')
            end as explanation,

            running_wait_s,
            running_wait_business_s,
            cast(running_open_s as bigint) as running_open_s
        from timed
    )

select *
from final
