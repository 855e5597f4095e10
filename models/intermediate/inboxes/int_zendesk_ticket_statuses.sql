with
    audit_events as (select * from {{ ref("stg_zendesk__audit_events") }}),

    metric_events as (select * from {{ ref("stg_zendesk__metric_events") }}),

    metrics as (select * from {{ ref("stg_zendesk__ticket_metrics") }}),

    snapshots as (select * from {{ ref("stg_zendesk__ticket_snapshots") }}),

    staff as (select * from {{ ref("int_zendesk_staff") }}),

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
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (partition by ticket_id order by state_number desc) as place
                from states
            )
        where place = 1
    ),

    from_audits as (
        select
            ticket_id,
            event_at as entered_at,
            'audit' as witness_kind,
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

    from_clocks as (
        select
            ticket_id,
            event_at as entered_at,
            'clock' as witness_kind,
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
            cast(null as {{ dbt.type_string() }}) as agent_id,
            false as is_automatic
        from instants
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
            'state' as witness_kind,
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

    observed as (
        select
            unwitnessed.ticket_id,
            unwitnessed.created_at,
            min(from_states.entered_at) filter (where from_states.status = 'solved') as solved_at
        from unwitnessed
        inner join from_states on from_states.ticket_id = unwitnessed.ticket_id
        where unwitnessed.state_number = 1
        group by unwitnessed.ticket_id, unwitnessed.created_at
    ),

    -- Of a reopened ticket an export shows the last solve; the first is known by its duration, to
    -- the minute.
    first_solves as (
        select
            observed.ticket_id,
            {{ add_seconds("observed.created_at", "resolutions.first_resolution_s") }} as solved_at
        from observed
        inner join resolutions on resolutions.ticket_id = observed.ticket_id
        where
            resolutions.reopens > 0
            and (
                observed.solved_at is null
                or {{ add_seconds("observed.created_at", "resolutions.first_resolution_s + 60") }}
                < observed.solved_at
            )
    ),

    next_states as (
        select first_solves.ticket_id, min(from_states.entered_at) as next_at
        from first_solves
        inner join
            from_states
            on from_states.ticket_id = first_solves.ticket_id
            and from_states.entered_at > first_solves.solved_at
        group by first_solves.ticket_id
    ),

    -- What opened it again was the next word written, at the latest what an export shows next.
    reopened as (
        select
            next_states.ticket_id,
            coalesce(min(comments.sent_at), next_states.next_at) as reopened_at
        from next_states
        inner join first_solves on first_solves.ticket_id = next_states.ticket_id
        left join
            comments
            on comments.ticket_id = next_states.ticket_id
            and comments.is_public
            and comments.sent_at > first_solves.solved_at
            and comments.sent_at <= next_states.next_at
        group by next_states.ticket_id, next_states.next_at
    ),

    inferred as (
        select
            ticket_id,
            solved_at as entered_at,
            'duration' as witness_kind,
            'a solve' as witness_id,
            'solved' as status,
            cast(null as {{ dbt.type_string() }}) as agent_id,
            false as is_automatic
        from first_solves

        union all

        select
            ticket_id,
            reopened_at as entered_at,
            'state' as witness_kind,
            'b reopened' as witness_id,
            'open' as status,
            cast(null as {{ dbt.type_string() }}) as agent_id,
            false as is_automatic
        from reopened
    ),

    -- Nothing can happen to a deleted ticket, whoever deleted it.
    deletions as (
        select
            ticket_id,
            changed_at as entered_at,
            'state' as witness_kind,
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
                partition by ticket_id order by entered_at, length(witness_id), witness_id
            ) as entry_number,
            lag(status) over (
                partition by ticket_id order by entered_at, length(witness_id), witness_id
            ) as previous_status
        from together
    ),

    -- A clock and a duration name nobody: a ticket is put aside and solved by whoever has it then.
    held as (
        select {{ all_but("place") }}
        from
            (
                select
                    ordered.ticket_id,
                    ordered.entry_number,
                    states.agent_id,
                    row_number() over (
                        partition by ordered.ticket_id, ordered.entry_number
                        order by
                            case when states.changed_at <= ordered.entered_at then 0 else 1 end,
                            case
                                when states.changed_at <= ordered.entered_at
                                then 0 - states.state_number
                                else states.state_number
                            end
                    ) as place
                from ordered
                inner join states on states.ticket_id = ordered.ticket_id and states.is_agent_known
                where ordered.witness_kind in ('clock', 'duration') and ordered.status <> 'open'
            )
        where place = 1
    ),

    -- A customer who marks a ticket as solved is no agent of ours; an agent known by name only can
    -- be nobody else.
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
                    and (ordered.witness_kind <> 'audit' or staff.user_id is not null)
                then coalesce(held.agent_id, ordered.agent_id)
            end as agent_id,
            ordered.is_automatic
        from ordered
        left join
            held on held.ticket_id = ordered.ticket_id and held.entry_number = ordered.entry_number
        left join staff on staff.user_id = ordered.agent_id
        where ordered.status <> coalesce(ordered.previous_status, 'open')
    )

select *
from final
