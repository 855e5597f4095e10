with
    items as (select * from {{ ref("int_conversation_items") }}),

    agent_teams as (select * from {{ ref("int_agent_teams") }}),

    final as (
        select
            items.item_key as event_key,
            items.conversation_key,
            items.thread_key,
            items.message_key,

            items.item_at as event_at,
            {{ reporting_date("items.item_at") }} as event_on,
            items.position as thread_position,

            items.agent_key,
            case
                when items.agent_key is not null then coalesce(agent_teams.team, 'unassigned')
            end as team,

            items.source,
            items.item_kind as event_kind,
            items.event_value,
            items.is_automatic,
            items.is_close,
            items.is_reopen
        from items
        left join
            agent_teams
            on agent_teams.agent_key = items.agent_key
            and {{ in_force("agent_teams", "items.item_at") }}
        where not items.is_message
    )

select *
from final
