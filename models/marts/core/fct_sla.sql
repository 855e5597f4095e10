with
    outcomes as (select * from {{ ref("int_sla_outcomes") }}),

    replies as (select * from {{ ref("fct_replies") }}),

    conversations as (select * from {{ ref("fct_conversations") }}),

    assignments as (select * from {{ ref("int_conversation_assignments") }}),

    -- Who is in charge now answers for what is open.
    in_charge as (
        select conversation_key, agent_key, team from assignments where is_assignment and is_last
    ),

    final as (
        select
            outcomes.sla_key,
            outcomes.conversation_key,
            outcomes.turn_key,
            outcomes.profile_key,
            outcomes.policy_id,
            case
                when outcomes.metric <> 'resolution'
                then replies.agent_key
                when conversations.status = 'closed'
                then conversations.closing_agent_key
                else coalesce(in_charge.agent_key, conversations.agent_key)
            end as agent_key,

            outcomes.started_at,
            outcomes.started_on,
            outcomes.clock_started_at,
            outcomes.ended_at,
            outcomes.deadline_at,
            outcomes.breached_at,

            outcomes.metric,
            outcomes.network,
            case
                when outcomes.metric <> 'resolution'
                then replies.team
                when conversations.status = 'closed'
                then conversations.closing_team
                when in_charge.agent_key is not null
                then coalesce(in_charge.team, 'unassigned')
                else conversations.team
            end as team,
            outcomes.priority,
            outcomes.is_vip,
            outcomes.clock,
            outcomes.is_in_scope,
            outcomes.outcome,
            outcomes.is_warned,

            outcomes.target_s,
            outcomes.warning_s,
            outcomes.elapsed_s,
            outcomes.paused_s
        from outcomes
        inner join conversations on conversations.conversation_key = outcomes.conversation_key
        left join replies on replies.turn_key = outcomes.turn_key
        left join in_charge on in_charge.conversation_key = outcomes.conversation_key
    )

select *
from final
