with
    items as (select * from {{ ref("int_conversation_items") }}),

    segments as (select * from {{ ref("int_conversation_segments") }}),

    agent_teams as (select * from {{ ref("int_agent_teams") }}),

    teamed as (
        select
            items.conversation_key,
            items.position,
            items.item_at,
            items.item_kind,
            items.agent_id,
            agent_teams.team
        from items
        inner join segments on segments.conversation_key = items.conversation_key
        left join
            agent_teams
            on agent_teams.source = segments.source
            and agent_teams.agent_id = items.agent_id
            and {{ in_force("agent_teams", "items.item_at") }}
        where items.agent_id is not null and items.item_kind in ('assigned', 'human')
    ),

    assigned_conversations as (
        select distinct conversation_key from teamed where item_kind = 'assigned'
    ),

    -- Without assignments on record, the people who answered stand for them.
    steps as (
        select teamed.*
        from teamed
        left join
            assigned_conversations
            on assigned_conversations.conversation_key = teamed.conversation_key
        where teamed.item_kind = 'assigned' or assigned_conversations.conversation_key is null
    ),

    compared as (
        select
            *,
            lag(agent_id) over (
                partition by conversation_key order by position
            ) as previous_agent_id
        from steps
    ),

    previous_teams as (
        select
            compared.conversation_key,
            compared.position,
            compared.item_at as assigned_at,
            compared.item_kind = 'assigned' as is_assignment,
            compared.agent_id,
            compared.team,
            compared.previous_agent_id,
            agent_teams.team as previous_team
        from compared
        inner join segments on segments.conversation_key = compared.conversation_key
        left join
            agent_teams
            on agent_teams.source = segments.source
            and agent_teams.agent_id = compared.previous_agent_id
            and {{ in_force("agent_teams", "compared.item_at") }}
    ),

    -- The first assignment is no handoff; the teams are those of the moment of the handoff.
    final as (
        select
            {{ surrogate_key(["conversation_key", "position"]) }} as assignment_key,
            *,
            lead(assigned_at) over (partition by conversation_key order by position) as replaced_at,
            coalesce(agent_id <> previous_agent_id, false) as is_handoff,
            coalesce(
                agent_id <> previous_agent_id
                and coalesce(team, 'unassigned') <> coalesce(previous_team, 'unassigned'),
                false
            ) as is_cross_team
        from previous_teams
    )

select *
from final
