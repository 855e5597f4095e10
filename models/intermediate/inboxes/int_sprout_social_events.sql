with
    actions as (select * from {{ ref("stg_sprout_social__message_actions") }}),

    messages as (select * from {{ ref("int_sprout_social_messages") }}),

    snapshots as (select * from {{ ref("int_sprout_social_case_history") }}),

    case_tags as (select * from {{ ref("int_sprout_social_case_tags") }}),

    -- A person who answered had the case by then.
    first_answers as (
        select thread_id, agent_id, min(sent_at) as answered_at
        from messages
        where direction = 'out' and not is_bot and agent_id is not null
        group by thread_id, agent_id
    ),

    first_assignments as (
        select
            snapshots.case_export_key,
            least(
                snapshots.changed_at,
                coalesce(snapshots.last_closed_at, snapshots.changed_at),
                coalesce(first_answers.answered_at, snapshots.changed_at)
            ) as assigned_at
        from snapshots
        left join
            first_answers
            on first_answers.thread_id = 'case:' || snapshots.case_id
            and first_answers.agent_id = snapshots.agent_id
            and first_answers.answered_at >= snapshots.created_at
        where snapshots.is_first
    ),

    -- Where a customer came back between two exports, that is when the case was opened again.
    returns as (
        select snapshots.case_export_key, min(messages.sent_at) as returned_at
        from snapshots
        inner join
            messages
            on messages.thread_id = 'case:' || snapshots.case_id
            and messages.direction = 'in'
            and messages.sent_at > snapshots.previous_last_closed_at
            and messages.sent_at < snapshots.last_closed_at
        where snapshots.previous_status = 'closed' and snapshots.has_new_close
        group by snapshots.case_export_key
    ),

    assigned as (
        select
            snapshots.*,
            case
                when snapshots.is_first
                then
                    greatest(
                        first_assignments.assigned_at,
                        coalesce(snapshots.created_at, first_assignments.assigned_at)
                    )
                else snapshots.changed_at
            end as event_at
        from snapshots
        left join first_assignments on first_assignments.case_export_key = snapshots.case_export_key
        where
            (snapshots.is_first and snapshots.agent_id is not null)
            or (
                not snapshots.is_first
                and coalesce(snapshots.agent_id, '') <> coalesce(snapshots.previous_agent_id, '')
            )
    ),

    -- Closed, opened and closed again between two exports: only the second close has an instant.
    reopened_unseen as (
        select
            snapshots.*,
            coalesce(
                returns.returned_at,
                least(
                    greatest(snapshots.previous_exported_at, snapshots.previous_last_closed_at),
                    snapshots.last_closed_at
                )
            ) as event_at
        from snapshots
        left join returns on returns.case_export_key = snapshots.case_export_key
        where
            snapshots.previous_status = 'closed'
            and snapshots.has_new_close
            and snapshots.previous_last_closed_at is not null
    ),

    of_cases as (
        select
            case_id,
            exported_at,
            'assigned' as event_kind,
            event_at,
            agent_id,
            is_assigned_by_rule as is_automatic,
            cast(null as {{ dbt.type_string() }}) as event_value
        from assigned

        union all

        -- Who closed is told nowhere: the person in charge is taken for it.
        select
            case_id,
            exported_at,
            'closed' as event_kind,
            case when has_new_close then last_closed_at else changed_at end as event_at,
            agent_id,
            agent_id is null as is_automatic,
            cast(null as {{ dbt.type_string() }}) as event_value
        from snapshots
        where has_new_close or (status = 'closed' and previous_status <> 'closed')

        union all

        select
            case_id,
            exported_at,
            'reopened_unseen' as event_kind,
            event_at,
            cast(null as {{ dbt.type_string() }}) as agent_id,
            true as is_automatic,
            cast(null as {{ dbt.type_string() }}) as event_value
        from reopened_unseen

        union all

        select
            case_id,
            exported_at,
            'reopened' as event_kind,
            case
                when has_new_close then greatest(changed_at, last_closed_at) else changed_at
            end as event_at,
            cast(null as {{ dbt.type_string() }}) as agent_id,
            true as is_automatic,
            cast(null as {{ dbt.type_string() }}) as event_value
        from snapshots
        where status <> 'closed' and (previous_status = 'closed' or has_new_close)

        union all

        select
            case_id,
            exported_at,
            'status' as event_kind,
            changed_at as event_at,
            cast(null as {{ dbt.type_string() }}) as agent_id,
            false as is_automatic,
            status as event_value
        from snapshots
        where
            status <> previous_status
            and status <> 'closed'
            and not (status = 'open' and previous_status = 'closed')

        union all

        -- The first priority known was there from the beginning.
        select
            case_id,
            exported_at,
            'priority' as event_kind,
            case
                when is_first then coalesce(created_at, changed_at) else changed_at
            end as event_at,
            cast(null as {{ dbt.type_string() }}) as agent_id,
            false as is_automatic,
            priority as event_value
        from snapshots
        where priority is not null and priority <> coalesce(previous_priority, '')
    ),

    first_bot_messages as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by thread_id
                        order by sent_at, length(natural_message_id), natural_message_id
                    ) as place
                from messages
                where is_bot
            )
        where place = 1
    ),

    -- A reply action is a message, not an event. Which tag was the first is told nowhere.
    unioned as (
        select
            messages.natural_message_id || ':' || actions.action_word as natural_event_id,
            messages.thread_id,
            messages.natural_message_id as message_id,
            actions.action_at as event_at,
            actions.agent_id,
            actions.is_automatic,
            case
                when actions.action_word = 'tag'
                then 'tagged'
                when actions.action_word = 'complete'
                then 'completed'
                when actions.action_word = 'like'
                then 'liked'
                else 'other'
            end as event_kind,
            case
                when actions.action_word not in ('tag', 'complete', 'like') then actions.action_word
            end as event_value
        from actions
        inner join messages on messages.natural_message_id = actions.message_id
        where actions.action_word <> 'reply'

        union all

        select
            'case:'
            || case_id
            || ':'
            || case
                event_kind
                when 'assigned'
                then '1'
                when 'priority'
                then '2'
                when 'closed'
                then '3'
                when 'status'
                then '4'
                when 'reopened'
                then '5'
                else '6'
            end
            || ':'
            || cast(exported_at as {{ dbt.type_string() }}) as natural_event_id,
            'case:' || case_id as thread_id,
            cast(null as {{ dbt.type_string() }}) as message_id,
            event_at,
            agent_id,
            is_automatic,
            case
                when event_kind = 'reopened_unseen' then 'reopened' else event_kind
            end as event_kind,
            event_value
        from of_cases

        union all

        select
            'case:' || case_id || ':tag:' || tag_id as natural_event_id,
            'case:' || case_id as thread_id,
            cast(null as {{ dbt.type_string() }}) as message_id,
            tagged_at as event_at,
            agent_id,
            is_automatic,
            'tagged' as event_kind,
            tag_name as event_value
        from case_tags

        union all

        select
            'case:' || case_id || ':untag:' || tag_id as natural_event_id,
            'case:' || case_id as thread_id,
            cast(null as {{ dbt.type_string() }}) as message_id,
            removed_at as event_at,
            cast(null as {{ dbt.type_string() }}) as agent_id,
            false as is_automatic,
            'untagged' as event_kind,
            tag_name as event_value
        from case_tags
        where removed_at is not null

        union all

        select
            'bot:' || natural_message_id as natural_event_id,
            thread_id,
            natural_message_id as message_id,
            sent_at as event_at,
            cast(null as {{ dbt.type_string() }}) as agent_id,
            true as is_automatic,
            'bot_started' as event_kind,
            cast(null as {{ dbt.type_string() }}) as event_value
        from first_bot_messages
    ),

    final as (
        select
            'sprout_social' as source,
            natural_event_id,
            thread_id,
            message_id,
            event_at,
            agent_id,
            is_automatic,
            event_kind,
            event_value
        from unioned
        where event_at <= {{ as_of() }}
    )

select *
from final
