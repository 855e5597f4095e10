with
    items as (select * from {{ ref("int_conversation_items") }}),

    agent_teams as (select * from {{ ref("int_agent_teams") }}),

    -- An assignment to nobody takes the conversation from whoever had it.
    teamed as (
        select
            items.conversation_key,
            items.position,
            items.item_at,
            items.item_kind,
            items.source,
            items.agent_key,
            agent_teams.team
        from items
        left join
            agent_teams
            on agent_teams.agent_key = items.agent_key
            and {{ in_force("agent_teams", "items.item_at") }}
        where
            items.item_kind = 'assigned'
            or (items.agent_key is not null and items.item_kind = 'human')
    ),

    assigned_conversations as (
        select distinct conversation_key
        from teamed
        where item_kind = 'assigned' and agent_key is not null
    ),

    -- Without assignments on record, the people who answered stand for them.
    steps as (
        select teamed.*
        from teamed
        left join
            assigned_conversations
            on assigned_conversations.conversation_key = teamed.conversation_key
        where
            (teamed.item_kind = 'assigned' and assigned_conversations.conversation_key is not null)
            or (teamed.item_kind = 'human' and assigned_conversations.conversation_key is null)
    ),

    -- Two tools that hold one conversation name the same person differently, so each tool's
    -- assignments follow their own order; an assignment to nobody in between is no station.
    people as (
        select
            *,
            lag(agent_key) over (
                partition by conversation_key, source order by position
            ) as previous_agent_key
        from steps
        where agent_key is not null
    ),

    previous_teams as (
        select
            steps.conversation_key,
            steps.position,
            steps.item_at as assigned_at,
            steps.item_kind = 'assigned' as is_assignment,
            steps.agent_key,
            steps.team,
            people.previous_agent_key,
            agent_teams.team as previous_team
        from steps
        left join
            people
            on people.conversation_key = steps.conversation_key
            and people.position = steps.position
        left join
            agent_teams
            on agent_teams.agent_key = people.previous_agent_key
            and {{ in_force("agent_teams", "steps.item_at") }}
    ),

    -- The first assignment is no handoff; the teams are those of the moment of the handoff.
    final as (
        select
            {{ surrogate_key(["conversation_key", "position"]) }} as assignment_key,
            *,
            lead(assigned_at) over (partition by conversation_key order by position) as replaced_at,
            lead(position) over (partition by conversation_key order by position)
            is null as is_last,
            coalesce(agent_key <> previous_agent_key, false) as is_handoff,
            coalesce(
                agent_key <> previous_agent_key
                and coalesce(team, 'unassigned') <> coalesce(previous_team, 'unassigned'),
                false
            ) as is_cross_team
        from previous_teams
    )

select *
from final
