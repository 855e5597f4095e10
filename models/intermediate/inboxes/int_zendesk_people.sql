with
    tickets as (select * from {{ ref("stg_zendesk__tickets") }}),

    snapshots as (select * from {{ ref("stg_zendesk__ticket_snapshots") }}),

    -- JSON knows ids and no names, the account's CSV names and no ids: the tickets they share tell
    -- which belong together.
    pairs as (
        select
            tickets.ticket_id,
            tickets.assignee_id,
            tickets.group_id,
            snapshots.agent_name,
            snapshots.group_name
        from tickets
        inner join snapshots on snapshots.ticket_id = tickets.ticket_id
        where tickets.is_latest and snapshots.is_latest
    ),

    counted as (
        select 'agent' as kind, assignee_id as natural_id, agent_name as name, count(*) as tickets
        from pairs
        where assignee_id is not null and agent_name is not null
        group by assignee_id, agent_name

        union all

        select 'group' as kind, group_id as natural_id, group_name as name, count(*) as tickets
        from pairs
        where group_id is not null and group_name is not null
        group by group_id, group_name
    ),

    -- A ticket that changed hands between the two exports pairs the wrong ones: the pair seen most
    -- often rules, for the id and for the name.
    named as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by kind, natural_id order by tickets desc, name
                    ) as place
                from counted
            )
        where place = 1
    ),

    final as (
        select {{ all_but("place") }}
        from
            (
                select
                    kind,
                    natural_id,
                    name,
                    row_number() over (
                        partition by kind, name order by tickets desc, natural_id
                    ) as place
                from named
            )
        where place = 1
    )

select *
from final
