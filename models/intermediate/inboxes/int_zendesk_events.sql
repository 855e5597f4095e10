with
    statuses as (select * from {{ ref("int_zendesk_ticket_statuses") }}),

    states as (select * from {{ ref("int_zendesk_ticket_states") }}),

    audit_events as (select * from {{ ref("stg_zendesk__audit_events") }}),

    metrics as (select * from {{ ref("stg_zendesk__ticket_metrics") }}),

    ticket_tags as (select * from {{ ref("int_zendesk_ticket_tags") }}),

    comments as (select * from {{ ref("int_zendesk_comments_directed") }}),

    staged_comments as (select * from {{ ref("stg_zendesk__comments") }}),

    surveys as (select * from {{ ref("int_zendesk_surveys") }}),

    staff as (select * from {{ ref("int_zendesk_staff") }}),

    audited as (select distinct ticket_id from audit_events),

    unaudited as (
        select states.*
        from states
        left join audited on audited.ticket_id = states.ticket_id
        where audited.ticket_id is null
    ),

    status_events as (
        select
            'status:' || ticket_id || ':' || entry_number as natural_event_id,
            ticket_id,
            cast(null as {{ dbt.type_string() }}) as message_id,
            entered_at as event_at,
            agent_id,
            is_automatic,
            case
                when status = 'solved'
                then 'closed'
                when previous_status = 'solved'
                then 'reopened'
                else 'status'
            end as event_kind,
            case
                when status <> 'solved' and previous_status <> 'solved' then status
            end as event_value
        from statuses

        union all

        -- Opened again and put aside at once.
        select
            'status:' || ticket_id || ':' || entry_number || ':aside' as natural_event_id,
            ticket_id,
            cast(null as {{ dbt.type_string() }}) as message_id,
            entered_at as event_at,
            agent_id,
            is_automatic,
            'status' as event_kind,
            status as event_value
        from statuses
        where status in ('pending', 'on_hold') and previous_status = 'solved'
    ),

    known_agents as (
        select
            *,
            coalesce(
                count(agent_id) over (
                    partition by ticket_id
                    order by state_number
                    rows between unbounded preceding and 1 preceding
                ),
                0
            )
            = 0 as is_first_agent,
            lag(agent_id) over (partition by ticket_id order by state_number) as previous_agent_id,
            lag(changed_at) over (
                partition by ticket_id order by state_number
            ) as previous_changed_at
        from unaudited
        where is_agent_known
    ),

    first_words as (
        select ticket_id, author_id, min(sent_at) as written_at
        from comments
        where direction = 'out' and not is_bot
        group by ticket_id, author_id
    ),

    -- The first assignment known is dated as the tool dates it, a later one too if that is since
    -- the state before; else by the ticket's last update, or the agent's first word before it.
    changes_of_hands as (
        select
            known_agents.ticket_id,
            known_agents.state_number,
            known_agents.agent_id,
            case
                when known_agents.is_first_agent
                then
                    coalesce(
                        metrics.initially_assigned_at,
                        known_agents.initially_assigned_at,
                        metrics.assigned_at,
                        known_agents.assigned_at,
                        least(first_words.written_at, known_agents.changed_at)
                    )
                when
                    coalesce(known_agents.assigned_at, metrics.assigned_at)
                    > known_agents.previous_changed_at
                    and coalesce(known_agents.assigned_at, metrics.assigned_at)
                    <= known_agents.changed_at
                then coalesce(known_agents.assigned_at, metrics.assigned_at)
                when
                    first_words.written_at > known_agents.previous_changed_at
                    and first_words.written_at < known_agents.changed_at
                then first_words.written_at
                else known_agents.changed_at
            end as assigned_at
        from known_agents
        left join
            first_words
            on first_words.ticket_id = known_agents.ticket_id
            and first_words.author_id = known_agents.agent_id
        left join metrics on metrics.ticket_id = known_agents.ticket_id
        where coalesce(known_agents.agent_id, '') <> coalesce(known_agents.previous_agent_id, '')
    ),

    assignments as (
        select
            'audit:' || event_id as natural_event_id,
            ticket_id,
            event_at,
            new_value as agent_id,
            is_automatic
        from audit_events
        where field_name = 'assignee_id'

        union all

        select
            'assigned:' || ticket_id || ':' || state_number as natural_event_id,
            ticket_id,
            assigned_at as event_at,
            agent_id,
            false as is_automatic
        from changes_of_hands
    ),

    priority_changes as (
        select
            *,
            row_number() over (
                partition by ticket_id order by event_at, length(event_id), event_id
            ) as change_number
        from audit_events
        where field_name = 'priority'
    ),

    -- What a ticket began with counts until somebody changes it; nothing set is normal.
    priorities as (
        select
            'audit:' || event_id as natural_event_id,
            ticket_id,
            event_at,
            author_id as agent_id,
            is_automatic,
            new_value as priority_word
        from priority_changes

        union all

        select
            'priority:' || priority_changes.ticket_id || ':0' as natural_event_id,
            priority_changes.ticket_id,
            states.created_at as event_at,
            cast(null as {{ dbt.type_string() }}) as agent_id,
            true as is_automatic,
            priority_changes.old_value as priority_word
        from priority_changes
        inner join
            states on states.ticket_id = priority_changes.ticket_id and states.state_number = 1
        where priority_changes.change_number = 1 and priority_changes.event_word <> 'Create'

        union all

        select
            'priority:' || ticket_id || ':' || state_number as natural_event_id,
            ticket_id,
            case when state_number = 1 then created_at else changed_at end as event_at,
            cast(null as {{ dbt.type_string() }}) as agent_id,
            true as is_automatic,
            priority as priority_word
        from
            (
                select
                    *,
                    lag(priority) over (
                        partition by ticket_id order by state_number
                    ) as previous_priority
                from unaudited
            ) as compared
        where priority <> coalesce(previous_priority, '')
    ),

    tag_events as (
        select
            'tagged:' || ticket_tag_key as natural_event_id,
            ticket_id,
            opened_at as event_at,
            is_added_automatically as is_automatic,
            'tagged' as event_kind,
            tag as event_value
        from ticket_tags

        union all

        select
            'untagged:' || ticket_tag_key as natural_event_id,
            ticket_id,
            removed_at as event_at,
            is_removed_automatically as is_automatic,
            'untagged' as event_kind,
            tag as event_value
        from ticket_tags
        where removed_at is not null
    ),

    macro_messages as (
        select
            audit_events.event_id,
            audit_events.ticket_id,
            audit_events.event_at,
            audit_events.author_id,
            audit_events.macro_id,
            min(staged_comments.comment_id) as comment_id
        from audit_events
        left join
            staged_comments
            on staged_comments.ticket_id = audit_events.ticket_id
            and staged_comments.audit_id = audit_events.audit_id
            and staged_comments.is_public
        where audit_events.macro_id is not null
        group by
            audit_events.event_id,
            audit_events.ticket_id,
            audit_events.event_at,
            audit_events.author_id,
            audit_events.macro_id
    ),

    together as (
        select
            natural_event_id,
            ticket_id,
            message_id,
            event_at,
            agent_id,
            is_automatic,
            event_kind,
            event_value
        from status_events

        union all

        select
            natural_event_id,
            ticket_id,
            cast(null as {{ dbt.type_string() }}) as message_id,
            event_at,
            agent_id,
            is_automatic,
            'assigned' as event_kind,
            cast(null as {{ dbt.type_string() }}) as event_value
        from assignments

        union all

        select
            natural_event_id,
            ticket_id,
            cast(null as {{ dbt.type_string() }}) as message_id,
            event_at,
            agent_id,
            is_automatic,
            'priority' as event_kind,
            case
                when priority_word = 'urgent' then 'critical' else coalesce(priority_word, 'normal')
            end as event_value
        from priorities

        union all

        select
            natural_event_id,
            ticket_id,
            cast(null as {{ dbt.type_string() }}) as message_id,
            event_at,
            cast(null as {{ dbt.type_string() }}) as agent_id,
            is_automatic,
            event_kind,
            event_value
        from tag_events

        union all

        select
            'macro:' || event_id as natural_event_id,
            ticket_id,
            comment_id as message_id,
            event_at,
            author_id as agent_id,
            false as is_automatic,
            'replied' as event_kind,
            macro_id as event_value
        from macro_messages

        union all

        -- A note among agents is no message, and no answer.
        select
            'note:' || comment_id as natural_event_id,
            ticket_id,
            cast(null as {{ dbt.type_string() }}) as message_id,
            sent_at as event_at,
            case when not is_bot then author_id end as agent_id,
            is_bot as is_automatic,
            'other' as event_kind,
            'internal_note' as event_value
        from comments
        where not is_public

        union all

        select
            'audit:' || event_id as natural_event_id,
            ticket_id,
            cast(null as {{ dbt.type_string() }}) as message_id,
            event_at,
            author_id as agent_id,
            is_automatic,
            'other' as event_kind,
            'group_changed' as event_value
        from audit_events
        where field_name = 'group_id'

        union all

        select
            'survey:' || survey_id as natural_event_id,
            ticket_id,
            cast(null as {{ dbt.type_string() }}) as message_id,
            sent_at as event_at,
            cast(null as {{ dbt.type_string() }}) as agent_id,
            true as is_automatic,
            'survey_sent' as event_kind,
            cast(null as {{ dbt.type_string() }}) as event_value
        from surveys
        where sent_at is not null
    ),

    -- What a customer sets off is nobody's work of ours.
    final as (
        select
            'zendesk' as source,
            together.natural_event_id,
            together.ticket_id as thread_id,
            together.message_id,
            together.event_at,
            case
                when together.event_kind in ('assigned', 'closed', 'reopened', 'status')
                then together.agent_id
                else staff.user_id
            end as agent_id,
            together.is_automatic,
            together.event_kind,
            together.event_value
        from together
        left join staff on staff.user_id = together.agent_id
        where together.event_at <= {{ as_of() }}
    )

select *
from final
