with
    tickets as (select * from {{ ref("stg_zendesk__tickets") }}),

    snapshots as (select * from {{ ref("stg_zendesk__ticket_snapshots") }}),

    people as (select * from {{ ref("int_zendesk_people") }}),

    known_by_id as (select ticket_id from tickets where is_latest),

    -- A name nobody has an id for stands for itself, but is no change of hands on a ticket whose
    -- agents are known by id.
    stated as (
        select
            tickets.ticket_id,
            tickets.known_at,
            tickets.exported_at,
            tickets.created_at,
            coalesce(tickets.updated_at, tickets.created_at) as changed_at,
            tickets.status,
            tickets.priority,
            tickets.assignee_id as agent_id,
            true as is_agent_known,
            coalesce(names.name, tickets.group_id) as team,
            cast(null as timestamp) as initially_assigned_at,
            cast(null as timestamp) as assigned_at,
            cast(null as timestamp) as solved_at,
            0 as form_rank
        from tickets
        left join people as names on names.kind = 'group' and names.natural_id = tickets.group_id

        union all

        select
            snapshots.ticket_id,
            snapshots.exported_at as known_at,
            snapshots.exported_at,
            snapshots.created_at,
            coalesce(snapshots.updated_at, snapshots.created_at) as changed_at,
            snapshots.status,
            snapshots.priority,
            coalesce(people.natural_id, snapshots.agent_name) as agent_id,
            people.natural_id is not null
            or snapshots.agent_name is null
            or known_by_id.ticket_id is null as is_agent_known,
            snapshots.group_name as team,
            snapshots.initially_assigned_at,
            snapshots.assigned_at,
            snapshots.solved_at,
            1 as form_rank
        from snapshots
        left join people on people.kind = 'agent' and people.name = snapshots.agent_name
        left join known_by_id on known_by_id.ticket_id = snapshots.ticket_id
    ),

    -- A file may be older than its export says, and the CSV knows the minute only: the last update
    -- orders the states, to the minute, and within it what was known last.
    final as (
        select
            {{ surrogate_key(["ticket_id", "exported_at", "form_rank"]) }} as ticket_state_key,
            ticket_id,
            row_number() over (
                partition by ticket_id
                order by
                    date_trunc('minute', changed_at), known_at, exported_at, changed_at, form_rank
            ) as state_number,

            known_at,
            exported_at,
            created_at,
            changed_at,
            initially_assigned_at,
            assigned_at,
            solved_at,

            status,
            status in ('solved', 'closed', 'deleted') as is_closed,
            coalesce(priority, 'normal') as priority,
            is_agent_known,
            case when is_agent_known then agent_id end as agent_id,
            team
        from stated
    )

select *
from final
