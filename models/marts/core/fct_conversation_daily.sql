with
    spans as (select * from {{ ref("int_conversation_spans") }}),

    conversations as (select * from {{ ref("fct_conversations") }}),

    first_turns as (select * from {{ ref("fct_replies") }} where is_first),

    assignments as (select * from {{ ref("int_conversation_assignments") }}),

    items as (select * from {{ ref("int_conversation_items") }}),

    priorities as (select * from {{ ref("int_conversation_priorities") }}),

    outcomes as (select * from {{ ref("int_sla_outcomes") }}),

    dates as (select * from {{ ref("dim_date") }}),

    -- A tool says pending or on hold; whoever writes puts it back to open.
    statuses as (
        select
            conversation_key,
            item_at as status_at,
            case when item_kind = 'status' then event_value else 'open' end as status,
            lead(item_at) over (partition by conversation_key order by position) as replaced_at
        from items
        where
            (item_kind = 'status' and event_value in ('open', 'pending', 'on_hold'))
            or is_reopen
            or is_customer
    ),

    -- Only days that are over by the as-of instant have an end at which something can be open.
    -- None before the first conversation: engines that compare every pair would compare them all.
    days as (
        select date_on as day_on, day_ends_at
        from dates
        where
            day_ends_at <= {{ as_of() }}
            and date_on >= (select min({{ reporting_date("span_started_at") }}) from spans)
    ),

    open_conversations as (
        select
            conversations.conversation_key,
            days.day_on,
            days.day_ends_at,
            conversations.profile_key,
            conversations.network,
            conversations.opened_at,
            conversations.is_vip,
            conversations.is_in_scope
        from spans
        inner join conversations on conversations.conversation_key = spans.conversation_key
        inner join
            days
            on days.day_on >= {{ reporting_date("spans.span_started_at") }}
            and days.day_on < {{ reporting_date("coalesce(spans.span_ended_at, " ~ as_of() ~ ")") }}
    ),

    assigned as (
        select open_conversations.*, assignments.agent_key, assignments.team
        from open_conversations
        left join
            assignments
            on assignments.conversation_key = open_conversations.conversation_key
            and assignments.is_assignment
            and assignments.assigned_at < open_conversations.day_ends_at
            and coalesce(assignments.replaced_at, {{ far_future() }})
            >= open_conversations.day_ends_at
    ),

    -- The promise that falls due first among those that ran at that midnight.
    deadlines as (
        select
            open_conversations.conversation_key,
            open_conversations.day_on,
            min(outcomes.deadline_at) as deadline_at
        from open_conversations
        inner join
            outcomes
            on outcomes.conversation_key = open_conversations.conversation_key
            and outcomes.is_in_scope
            and outcomes.clock_started_at < open_conversations.day_ends_at
            and coalesce(outcomes.ended_at, {{ far_future() }}) >= open_conversations.day_ends_at
        group by open_conversations.conversation_key, open_conversations.day_on
    ),

    final as (
        select
            {{ surrogate_key(["assigned.conversation_key", "assigned.day_on"]) }}
            as conversation_day_key,
            assigned.conversation_key,
            assigned.day_on,
            assigned.day_ends_at,
            deadlines.deadline_at,
            assigned.profile_key,
            assigned.agent_key,
            coalesce(assigned.team, 'unassigned') as team,
            assigned.network,
            coalesce(statuses.status, 'open') as status,
            coalesce(priorities.priority, 'normal') as priority,
            assigned.is_vip,
            assigned.is_in_scope,
            waiting.conversation_key is not null as is_unanswered,
            {{ seconds_between("assigned.opened_at", "assigned.day_ends_at") }} as age_s,
            {{ seconds_between("waiting.clock_started_at", "assigned.day_ends_at") }} as wait_s
        from assigned
        -- The first reply that had not come by that midnight; no match means that nobody waited
        -- for it.
        left join
            first_turns as waiting
            on waiting.conversation_key = assigned.conversation_key
            and waiting.clock_started_at < assigned.day_ends_at
            and coalesce(waiting.replied_at, {{ far_future() }}) >= assigned.day_ends_at
        left join
            statuses
            on statuses.conversation_key = assigned.conversation_key
            and statuses.status_at < assigned.day_ends_at
            and coalesce(statuses.replaced_at, {{ far_future() }}) >= assigned.day_ends_at
        left join
            deadlines
            on deadlines.conversation_key = assigned.conversation_key
            and deadlines.day_on = assigned.day_on
        left join
            priorities
            on priorities.conversation_key = assigned.conversation_key
            and priorities.valid_from_at < assigned.day_ends_at
            and coalesce(priorities.valid_to_at, {{ far_future() }}) >= assigned.day_ends_at
    )

select *
from final
