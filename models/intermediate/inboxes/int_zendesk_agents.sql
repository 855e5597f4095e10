with
    states as (select * from {{ ref("int_zendesk_ticket_states") }}),

    staff as (select * from {{ ref("int_zendesk_staff") }}),

    people as (select * from {{ ref("int_zendesk_people") }}),

    -- An unchanged ticket in a later export says nothing new about its agent's team.
    fresh as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by ticket_id, agent_id, team, changed_at order by exported_at
                    ) as place
                from states
                where agent_id is not null
            )
        where place = 1
    ),

    counted as (
        select agent_id, exported_at, team, count(*) as tickets
        from fresh
        group by agent_id, exported_at, team
    ),

    -- An agent is of the team whose tickets they were given most of.
    teamed as (
        select {{ all_but("place") }}
        from
            (
                select
                    agent_id,
                    exported_at,
                    team,
                    row_number() over (
                        partition by agent_id, exported_at
                        order by case when team is null then 1 else 0 end, tickets desc, team
                    ) as place
                from counted
            )
        where place = 1
    ),

    -- Who answers, sorts or writes notes and is given no ticket has no team.
    listed as (
        select agent_id, exported_at, team
        from teamed

        union all

        select
            staff.user_id as agent_id,
            staff.first_seen_at as exported_at,
            cast(null as {{ dbt.type_string() }}) as team
        from staff
        left join (select distinct agent_id from teamed) as given on given.agent_id = staff.user_id
        where given.agent_id is null
    ),

    final as (
        select
            'zendesk' as source,
            listed.agent_id,
            coalesce(people.name, listed.agent_id) as agent_name,
            cast(null as {{ dbt.type_string() }}) as role,
            listed.team,
            listed.exported_at
        from listed
        left join people on people.kind = 'agent' and people.natural_id = listed.agent_id
    )

select *
from final
