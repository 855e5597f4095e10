with
    replies as (
        select *
        from {{ ref("fct_replies") }}
        where is_in_scope and not is_replied and not is_bot_contained and abandoned_at is null
    ),

    conversations as (
        select * from {{ ref("fct_conversations") }} where is_in_scope and status = 'open'
    ),

    turns as (select * from {{ ref("int_conversation_turns") }}),

    clock as (select * from {{ ref("int_business_clock") }}),

    promises as (select * from {{ ref("fct_sla") }} where turn_key is not null),

    tags as (select * from {{ ref("bridge_conversation_tags") }}),

    agents as (select * from {{ ref("kpi_agent_names") }}),

    profiles as (select * from {{ ref("dim_profile") }}),

    -- Of several questions that wait in a conversation the oldest says for how long.
    waiting as (
        select {{ all_but("place") }}
        from
            (
                select
                    replies.*,
                    conversations.product,
                    conversations.human_replies = 0 as is_first_reply_due,
                    turns.calendar_id,
                    {{ as_of() }} as waits_until_at,
                    row_number() over (
                        partition by replies.conversation_key
                        order by replies.clock_started_at, replies.turn_key
                    ) as place
                from replies
                inner join
                    conversations on conversations.conversation_key = replies.conversation_key
                inner join turns on turns.turn_key = replies.turn_key
            )
        where place = 1
    ),

    topics as (
        select conversation_key, min(tag_value) as topic
        from tags
        where tag_kind = 'topic'
        group by conversation_key
    ),

    described as (
        select
            waiting.conversation_key,
            waiting.turn_key,
            waiting.first_message_key,
            waiting.profile_key,
            waiting.agent_key,

            waiting.clock_started_at as waiting_since_at,
            promises.deadline_at,

            agents.agent_name,
            waiting.team,

            profiles.profile_name,
            waiting.network,
            waiting.product,
            topics.topic,
            waiting.message_type,
            waiting.visibility,
            waiting.priority,
            waiting.is_vip,
            waiting.is_first_reply_due,
            promises.outcome as sla_outcome,

            {{ seconds_between("waiting.clock_started_at", "waiting.waits_until_at") }} as wait_s,
            {{
                business_seconds_between(
                    "start_clock",
                    "waiting.clock_started_at",
                    "now_clock",
                    "waiting.waits_until_at",
                )
            }} as wait_business_s
        from waiting
        left join
            clock as start_clock
            on {{
                business_clock_at(
                    "start_clock", "waiting.calendar_id", "waiting.clock_started_at"
                )
            }}
        left join
            clock as now_clock
            on {{ business_clock_at("now_clock", "waiting.calendar_id", "waiting.waits_until_at") }}
        left join promises on promises.turn_key = waiting.turn_key
        left join agents on agents.agent_key = waiting.agent_key
        left join profiles on profiles.profile_key = waiting.profile_key
        left join topics on topics.conversation_key = waiting.conversation_key
    ),

    final as (
        select
            conversation_key,
            turn_key,
            first_message_key,
            profile_key,
            agent_key,

            waiting_since_at,
            deadline_at,

            coalesce(agent_name, 'unassigned') as agent_name,
            team,

            profile_name,
            network,
            product,
            topic,
            message_type,
            visibility,
            priority,
            is_vip,
            is_first_reply_due,
            sla_outcome,

            -- Whose deadline comes first is first; without a promise, who has waited longest. VIPs
            -- and high priorities have promises of their own.
            row_number() over (
                order by
                    case when deadline_at is null then 1 else 0 end,
                    deadline_at,
                    waiting_since_at,
                    conversation_key
            ) as urgency_rank,
            wait_s,
            wait_business_s,
            {{ as_of() }} as as_of_at
        from described
    )

select *
from final
