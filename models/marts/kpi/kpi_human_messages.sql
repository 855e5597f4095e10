with
    messages as (select * from {{ ref("fct_messages") }} where direction = 'out' and not is_bot),

    conversations as (select * from {{ ref("fct_conversations") }} where is_in_scope),

    agents as (select * from {{ ref("kpi_agent_names") }}),

    agent_teams as (select * from {{ ref("dim_agent") }}),

    final as (
        select
            messages.message_key,
            messages.conversation_key,
            messages.agent_key,
            messages.sent_on,
            coalesce(agents.agent_name, messages.agent_key) as person,
            coalesce(agents.agent_name, 'unassigned') as agent,
            coalesce(agent_teams.team, 'unassigned') as team,
            messages.template_id,
            messages.redirect_kind,
            messages.redirect_content
        from messages
        inner join conversations on conversations.conversation_key = messages.conversation_key
        left join agents on agents.agent_key = messages.agent_key
        left join
            agent_teams
            on agent_teams.agent_key = messages.agent_key
            and {{ in_force("agent_teams", "messages.sent_at") }}
    )

select *
from final
