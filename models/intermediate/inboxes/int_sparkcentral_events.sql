with
    conversations as (select * from {{ ref("int_sparkcentral_conversations") }}),

    late_events as (select * from {{ ref("int_sparkcentral_late_events") }}),

    resolved as (select * from {{ ref("stg_sparkcentral__resolved_conversations") }}),

    open_rows as (select * from {{ ref("stg_sparkcentral__open_conversations") }}),

    messages as (select * from {{ ref("stg_sparkcentral__messages") }}),

    taggings as (select * from {{ ref("stg_sparkcentral__tags") }}),

    human_replies as (
        select
            messages.thread_id,
            messages.message_id,
            messages.sent_at,
            messages.agent_id,
            coalesce(
                lag(messages.agent_id) over (
                    partition by messages.thread_id
                    order by messages.sent_at, length(messages.message_id), messages.message_id
                ),
                conversations.first_agent_id
            ) as previous_agent_id
        from messages
        inner join conversations on conversations.thread_id = messages.thread_id
        where
            messages.direction = 'out'
            and not messages.is_automatic
            and messages.agent_id is not null
            and messages.sent_at >= conversations.first_assigned_at
    ),

    -- Only the first assignment is exported; that somebody else answers shows the others. Their ids
    -- are short: of two events of one instant the one with the shorter id comes first, and who
    -- answers and resolves was assigned before.
    assignments as (
        select
            thread_id,
            'first' as natural_part,
            first_assigned_at as event_at,
            first_agent_id as agent_id
        from conversations
        where first_assigned_at is not null and first_agent_id is not null

        union all

        select
            thread_id,
            cast(
                row_number() over (
                    partition by thread_id order by sent_at, length(message_id), message_id
                ) as {{ dbt.type_string() }}
            ) as natural_part,
            sent_at as event_at,
            agent_id
        from human_replies
        where agent_id <> previous_agent_id
    ),

    later_closes as (
        select distinct open_rows.thread_id, open_rows.resolved_at
        from open_rows
        left join conversations on conversations.thread_id = open_rows.thread_id
        where
            open_rows.resolved_at is not null
            and open_rows.resolved_at
            > coalesce(conversations.first_resolved_at, cast('1900-01-01 00:00:00' as timestamp))
    ),

    statuses as (
        select
            thread_id,
            exported_at,
            status,
            lag(status, 1, 'open') over (
                partition by thread_id order by exported_at
            ) as previous_status
        from open_rows
    ),

    -- A window of what was resolved and a snapshot of what is open may carry one stamp.
    priority_versions as (
        select thread_id, exported_at, min(priority) as priority
        from
            (
                select thread_id, exported_at, priority
                from open_rows
                where priority is not null

                union all

                select resolved.thread_id, resolved.exported_at, resolved.priority
                from resolved
                left join
                    open_rows
                    on open_rows.thread_id = resolved.thread_id
                    and open_rows.exported_at = resolved.exported_at
                where resolved.priority is not null and open_rows.thread_id is null
            ) as each_priority
        group by thread_id, exported_at
    ),

    priorities as (
        select
            thread_id,
            exported_at,
            priority,
            lag(priority) over (partition by thread_id order by exported_at) as previous_priority
        from priority_versions
    ),

    happened as (
        select
            'assigned' as event_kind,
            cast(null as {{ dbt.type_string() }}) as event_value,
            natural_part,
            thread_id,
            event_at,
            agent_id,
            false as is_automatic
        from assignments

        union all

        select
            'closed',
            null,
            'resolved',
            thread_id,
            first_resolved_at,
            resolving_agent_id,
            resolving_agent_id is null
        from conversations
        where first_resolved_at is not null

        union all

        select
            'closed',
            null,
            cast(resolved_at as {{ dbt.type_string() }}),
            thread_id,
            resolved_at,
            null,
            false
        from later_closes

        union all

        select
            event_kind,
            null,
            'seen ' || cast(snapshot_at as {{ dbt.type_string() }}),
            thread_id,
            event_at,
            agent_id,
            false
        from late_events

        union all

        select 'bot_started', null, 'bot', thread_id, bot_started_at, null, true
        from conversations
        where bot_started_at is not null

        union all

        select 'bot_handoff', null, 'bot', thread_id, bot_handed_over_at, null, true
        from conversations
        where bot_handed_over_at is not null

        union all

        select
            'status',
            status,
            cast(exported_at as {{ dbt.type_string() }}),
            thread_id,
            exported_at,
            null,
            false
        from statuses
        where status <> previous_status

        union all

        select
            'priority',
            priority,
            cast(exported_at as {{ dbt.type_string() }}),
            thread_id,
            exported_at,
            null,
            false
        from priorities
        where previous_priority is null or priority <> previous_priority

        union all

        select
            'tagged',
            tag,
            lower(tag) || ':' || cast(tagged_at as {{ dbt.type_string() }}),
            thread_id,
            tagged_at,
            agent_id,
            agent_id is null
        from taggings

        union all

        select
            'untagged',
            tag,
            lower(tag) || ':' || cast(tagged_at as {{ dbt.type_string() }}),
            thread_id,
            removed_at,
            null,
            false
        from taggings
        where removed_at is not null
    ),

    final as (
        select
            'sparkcentral' as source,
            thread_id || ':' || event_kind || ':' || natural_part as natural_event_id,
            thread_id,
            cast(null as {{ dbt.type_string() }}) as message_id,
            event_at,
            agent_id,
            is_automatic,
            event_kind,
            event_value
        from happened
        where event_at <= {{ as_of() }}
    )

select *
from final
