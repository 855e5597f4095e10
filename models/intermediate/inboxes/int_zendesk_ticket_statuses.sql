with
    audit_events as (select * from {{ ref("stg_zendesk__audit_events") }}),

    metric_events as (select * from {{ ref("stg_zendesk__metric_events") }}),

    metrics as (select * from {{ ref("stg_zendesk__ticket_metrics") }}),

    snapshots as (select * from {{ ref("stg_zendesk__ticket_snapshots") }}),

    tickets as (select * from {{ ref("stg_zendesk__tickets") }}),

    comments as (select * from {{ ref("int_zendesk_comments_directed") }}),

    states as (select * from {{ ref("int_zendesk_ticket_states") }}),

    -- The best witness of a ticket tells its history alone: audits, else the events of its clocks,
    -- else what one export after another shows.
    audited as (select distinct ticket_id from audit_events),

    clocked as (
        select distinct metric_events.ticket_id
        from metric_events
        left join audited on audited.ticket_id = metric_events.ticket_id
        where
            audited.ticket_id is null
            and metric_events.metric_word
            in ('agent_work_time', 'requester_wait_time', 'resolution_time')
            and metric_events.event_word in ('activate', 'pause', 'fulfill')
    ),

    last_states as (
        select *
        from states
        qualify row_number() over (partition by ticket_id order by state_number desc) = 1
    ),

    last_agents as (
        select ticket_id, agent_id
        from states
        where is_agent_known
        qualify row_number() over (partition by ticket_id order by state_number desc) = 1
    ),

    from_audits as (
        select
            ticket_id,
            event_at as entered_at,
            event_id as witness_id,
            case
                when new_value in ('solved', 'closed', 'deleted')
                then 'solved'
                when new_value = 'hold'
                then 'on_hold'
                when new_value = 'pending'
                then 'pending'
                else 'open'
            end as status,
            author_id as agent_id,
            is_automatic
        from audit_events
        where field_name = 'status'
    ),

    -- The agent's clock stops while a ticket is pending or on hold, the requester's only while it
    -- is pending; both end when it is solved.
    instants as (
        select
            metric_events.ticket_id,
            metric_events.event_at,
            count(*) filter (where event_word = 'fulfill') > 0 as is_solved,
            count(*) filter (where event_word = 'pause' and metric_word = 'requester_wait_time')
            > 0 as is_requester_paused,
            count(*) filter (where event_word = 'pause' and metric_word = 'agent_work_time')
            > 0 as is_agent_paused,
            count(*) filter (where event_word = 'activate' and metric_word <> 'requester_wait_time')
            > 0 as is_agent_started,
            count(*) filter (where event_word = 'activate' and metric_word = 'requester_wait_time')
            > 0 as is_requester_started
        from metric_events
        inner join clocked on clocked.ticket_id = metric_events.ticket_id
        where
            metric_word in ('agent_work_time', 'requester_wait_time', 'resolution_time')
            and event_word in ('activate', 'pause', 'fulfill')
        group by metric_events.ticket_id, metric_events.event_at
    ),

    -- Nobody can be told from a clock; a ticket is solved by whom it is assigned to.
    from_clocks as (
        select
            instants.ticket_id,
            instants.event_at as entered_at,
            'clock' as witness_id,
            case
                when is_solved
                then 'solved'
                when is_requester_paused
                then 'pending'
                when is_agent_paused or (is_requester_started and not is_agent_started)
                then 'on_hold'
                else 'open'
            end as status,
            last_agents.agent_id,
            false as is_automatic
        from instants
        left join last_agents on last_agents.ticket_id = instants.ticket_id
    ),

    unwitnessed as (
        select states.*
        from states
        left join audited on audited.ticket_id = states.ticket_id
        left join clocked on clocked.ticket_id = states.ticket_id
        where audited.ticket_id is null and clocked.ticket_id is null
    ),

    -- The last solve is known to the minute or better; what else changed did so when the ticket
    -- was last updated.
    from_states as (
        select
            states.ticket_id,
            case
                when
                    states.is_closed
                    and coalesce(states.solved_at, metrics.solved_at) > coalesce(
                        lag(states.changed_at) over (
                            partition by states.ticket_id order by states.state_number
                        ),
                        cast('1900-01-01 00:00:00' as timestamp)
                    )
                    and coalesce(states.solved_at, metrics.solved_at) <= states.changed_at
                then coalesce(states.solved_at, metrics.solved_at)
                else states.changed_at
            end as entered_at,
            'state:'
            || lpad(cast(states.state_number as {{ dbt.type_string() }}), 9, '0') as witness_id,
            case
                when states.is_closed
                then 'solved'
                when states.status = 'hold'
                then 'on_hold'
                when states.status = 'pending'
                then 'pending'
                else 'open'
            end as status,
            states.agent_id,
            states.status = 'deleted' as is_automatic
        from unwitnessed as states
        left join metrics on metrics.ticket_id = states.ticket_id
    ),

    resolutions as (
        select ticket_id, max(first_resolution_s) as first_resolution_s, max(reopens) as reopens
        from
            (
                select ticket_id, first_resolution_s, reopens
                from metrics
                union all
                select ticket_id, first_resolution_s, reopens
                from snapshots
                where is_latest
            ) as every_form
        group by ticket_id
    ),

    -- A reopened ticket of which only the end was exported: its first solve is known by its
    -- duration, and what opened it again by the next word written, at the latest by the next
    -- solve.
    first_solves as (
        select
            first_states.ticket_id,
            {{ add_seconds("first_states.created_at", "resolutions.first_resolution_s") }}
            as solved_at,
            from_states.entered_at as next_at,
            first_states.agent_id
        from unwitnessed as first_states
        inner join resolutions on resolutions.ticket_id = first_states.ticket_id
        inner join
            from_states
            on from_states.ticket_id = first_states.ticket_id
            and from_states.witness_id = 'state:000000001'
        where
            first_states.state_number = 1
            and resolutions.reopens > 0
            and {{ add_seconds("first_states.created_at", "resolutions.first_resolution_s + 60") }}
            < from_states.entered_at
    ),

    reopened as (
        select first_solves.ticket_id, min(comments.sent_at) as reopened_at
        from first_solves
        inner join comments on comments.ticket_id = first_solves.ticket_id
        where
            comments.is_public
            and comments.sent_at > first_solves.solved_at
            and comments.sent_at <= first_solves.next_at
        group by first_solves.ticket_id
    ),

    inferred as (
        select
            ticket_id,
            solved_at as entered_at,
            'a solve' as witness_id,
            'solved' as status,
            agent_id,
            false as is_automatic
        from first_solves

        union all

        select
            first_solves.ticket_id,
            coalesce(reopened.reopened_at, first_solves.next_at) as entered_at,
            'b reopened' as witness_id,
            'open' as status,
            cast(null as {{ dbt.type_string() }}) as agent_id,
            false as is_automatic
        from first_solves
        left join reopened on reopened.ticket_id = first_solves.ticket_id
    ),

    -- Nothing can happen to a deleted ticket, whoever deleted it.
    deletions as (
        select
            ticket_id,
            changed_at as entered_at,
            'deleted' as witness_id,
            'solved' as status,
            cast(null as {{ dbt.type_string() }}) as agent_id,
            true as is_automatic
        from last_states
        where status = 'deleted'
    ),

    together as (
        select *
        from from_audits
        union all
        select *
        from from_clocks
        union all
        select *
        from from_states
        union all
        select *
        from inferred
        union all
        select *
        from deletions
    ),

    ordered as (
        select
            *,
            row_number() over (
                partition by ticket_id order by entered_at, witness_id
            ) as entry_number,
            lag(status) over (
                partition by ticket_id order by entered_at, witness_id
            ) as previous_status
        from together
    ),

    requesters as (select ticket_id, requester_id from tickets where is_latest),

    -- A customer who marks a ticket as solved is no agent of ours.
    final as (
        select
            {{ surrogate_key(["ordered.ticket_id", "ordered.entry_number"]) }} as ticket_status_key,
            ordered.ticket_id,
            ordered.entry_number,

            ordered.entered_at,

            ordered.status,
            coalesce(ordered.previous_status, 'open') as previous_status,
            case
                when
                    not ordered.is_automatic
                    and coalesce(ordered.agent_id <> requesters.requester_id, true)
                then ordered.agent_id
            end as agent_id,
            ordered.is_automatic
        from ordered
        left join requesters on requesters.ticket_id = ordered.ticket_id
        where ordered.status <> coalesce(ordered.previous_status, 'open')
    )

select *
from final
