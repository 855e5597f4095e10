with
    agent_teams as (select * from {{ ref("int_agent_teams") }}),

    named as (
        select team, count(distinct agent_key) as agents
        from agent_teams
        where team is not null
        group by team

        union all

        select 'unassigned' as team, cast(0 as bigint) as agents
    ),

    final as (select team, max(agents) as agents from named group by team)

select *
from final
