with
    agent_teams as (select * from {{ ref("int_agent_teams") }}),

    final as (
        select
            agent_version_key,
            agent_key,
            agent_name,
            role,
            coalesce(team, 'unassigned') as team,
            valid_from_at,
            valid_to_at,
            valid_to_at is null as is_current
        from agent_teams
    )

select *
from final
