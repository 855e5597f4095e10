with
    segments as (select * from {{ ref("int_conversation_segments") }}),

    replies as (select * from {{ ref("fct_replies") }}),

    assignments as (select * from {{ ref("int_conversation_assignments") }}),

    items as (select * from {{ ref("int_conversation_items") }}),

    agent_teams as (select * from {{ ref("int_agent_teams") }}),

    spans as (select * from {{ ref("int_conversation_spans") }}),

    tags as (select * from {{ ref("bridge_conversation_tags") }}),

    work as (
        select
            conversation_key,
            count(*) filter (where is_handoff) as handoffs,
            count(*) filter (where is_cross_team) as cross_team_handoffs,
            count(distinct agent_key) as agents,
            count(distinct team) as teams
        from assignments
        group by conversation_key
    ),

    handling as (select * from {{ ref("int_conversation_handling") }}),

    redirects as (select * from {{ ref("int_message_redirects") }}),

    priorities as (select * from {{ ref("int_conversation_priorities") }}),

    vip_members as (select * from {{ ref("bridge_contact_vip") }}),

    survey_conversations as (select * from {{ ref("int_survey_conversations") }}),

    reported as (select * from {{ ref("int_conversation_reported") }}),

    first_turns as (select * from replies where is_first),

    last_assignments as (
        select conversation_key, agent_key, coalesce(team, 'unassigned') as team
        from assignments
        where is_assignment and is_last
    ),

    first_assignments as (
        select conversation_key, min(assigned_at) as first_assigned_at
        from assignments
        where is_assignment and agent_key is not null
        group by conversation_key
    ),

    vip_conversations as (
        select distinct segments.conversation_key
        from segments
        inner join
            vip_members
            on vip_members.contact_key = segments.contact_key
            and {{ in_force("vip_members", "segments.opened_at") }}
    ),

    opening_priorities as (
        select segments.conversation_key, priorities.priority
        from segments
        inner join
            priorities
            on priorities.conversation_key = segments.conversation_key
            and {{ in_force("priorities", "segments.opened_at") }}
    ),

    -- A bot began where it first spoke or was noted to begin.
    bots as (
        select conversation_key, min(item_at) as bot_started_at
        from items
        where item_kind in ('bot', 'bot_started')
        group by conversation_key
    ),

    last_words as (
        select {{ all_but("place") }}
        from
            (
                select
                    items.conversation_key,
                    redirects.redirect_kind,
                    row_number() over (
                        partition by items.conversation_key order by items.position desc
                    ) as place
                from items
                left join redirects on redirects.message_key = items.item_key
                where items.item_kind = 'human'
            )
        where place = 1
    ),

    handled_time as (
        select conversation_key, cast(sum(handle_s) as bigint) as handle_s
        from handling
        group by conversation_key
    ),

    tool_timers as (
        select conversation_key, {{ exact_sum("value") }} as effort_s
        from reported
        where metric = 'handle_s'
        group by conversation_key
    ),

    -- A customer who rates one conversation twice is satisfied as the later answer says.
    ratings as (
        select {{ all_but("place") }}
        from
            (
                select
                    conversation_key,
                    is_satisfied,
                    row_number() over (
                        partition by conversation_key order by responded_at desc, survey_key
                    ) as place
                from survey_conversations
                where survey_kind = 'csat' and is_satisfied is not null
            )
        where place = 1
    ),

    -- Whoever is in charge at the last close answers for the outcome; nobody in charge, whoever
    -- closed it.
    closings as (
        select {{ all_but("place") }}
        from
            (
                select
                    items.conversation_key,
                    items.item_at as closed_at,
                    coalesce(assignments.agent_key, items.agent_key) as agent_key,
                    items.agent_key is null or items.is_automatic as is_automatic,
                    row_number() over (
                        partition by items.conversation_key
                        order by items.position desc, assignments.position desc
                    ) as place
                from items
                left join
                    assignments
                    on assignments.conversation_key = items.conversation_key
                    and assignments.is_assignment
                    and assignments.position < items.position
                where items.is_close
            )
        where place = 1
    ),

    closing_teams as (
        select
            closings.conversation_key,
            closings.agent_key,
            closings.is_automatic,
            coalesce(agent_teams.team, 'unassigned') as team
        from closings
        left join
            agent_teams
            on agent_teams.agent_key = closings.agent_key
            and {{ in_force("agent_teams", "closings.closed_at") }}
    ),

    open_time as (
        select
            conversation_key,
            sum(
                {{ seconds_between("span_started_at", "coalesce(span_ended_at, " ~ as_of() ~ ")") }}
            ) as open_s
        from spans
        group by conversation_key
    ),

    waiting_time as (
        select
            conversation_key,
            sum(
                coalesce(
                    wait_s,
                    {{
                        seconds_between(
                            "clock_started_at", "coalesce(abandoned_at, " ~ as_of() ~ ")"
                        )
                    }}
                )
            ) as waiting_on_us_s
        from replies
        group by conversation_key
    ),

    main_products as (
        select conversation_key, min(tag_value) as product
        from tags
        where tag_kind = 'product'
        group by conversation_key
    ),

    topics as (select conversation_key, tag_value as topic from tags where tag_kind = 'topic'),

    -- The same contact comes back about the same topic within a week of the close, in another
    -- conversation.
    repeats as (
        select distinct segments.conversation_key
        from segments
        inner join topics on topics.conversation_key = segments.conversation_key
        inner join
            segments as later
            on later.contact_key = segments.contact_key
            and later.conversation_key <> segments.conversation_key
            and later.opened_at > segments.last_closed_at
            and later.opened_at
            <= {{ add_seconds("segments.last_closed_at", var("repeat_window_s")) }}
            and later.is_in_scope
        inner join
            topics as later_topics
            on later_topics.conversation_key = later.conversation_key
            and later_topics.topic = topics.topic
        where segments.is_closed
    ),

    final as (
        select
            segments.conversation_key,
            segments.thread_key,
            segments.segment_number,
            segments.profile_key,
            segments.contact_key,
            case
                when first_turns.is_replied
                then first_turns.agent_key
                else last_assignments.agent_key
            end as agent_key,
            closing_teams.agent_key as closing_agent_key,

            segments.opened_at,
            {{ reporting_date("segments.opened_at") }} as opened_on,
            segments.segment_ends_before_at as next_opened_at,
            segments.first_inbound_at,
            bots.bot_started_at,
            first_assignments.first_assigned_at,
            first_turns.replied_at as first_replied_at,
            segments.last_message_at,
            segments.first_closed_at,
            {{ reporting_date("segments.first_closed_at") }} as first_closed_on,
            segments.last_closed_at,
            {{ reporting_date("segments.last_closed_at") }} as last_closed_on,
            segments.ended_at,
            segments.end_reason,

            segments.source,
            segments.network,
            segments.message_type,
            segments.visibility,
            main_products.product,
            coalesce(opening_priorities.priority, 'normal') as priority,
            vip_conversations.conversation_key is not null as is_vip,
            segments.initiated_by,
            segments.directedness,
            coalesce(first_turns.team, last_assignments.team, 'unassigned') as team,
            coalesce(closing_teams.team, 'unassigned') as closing_team,
            case when segments.is_closed then 'closed' else 'open' end as status,
            segments.is_in_scope,
            segments.is_spam,
            segments.is_in_scope
            and (segments.human_replies > 0 or segments.closes_by_person > 0) as is_handled,
            segments.is_in_scope
            and segments.human_replies > 0
            and segments.closes > 0 as is_care_closed,
            segments.is_closed and segments.human_replies = 1 as is_one_touch,
            bots.conversation_key is not null as is_bot_started,
            bots.conversation_key is not null
            and segments.is_closed
            and segments.human_replies = 0 as is_bot_resolved,
            coalesce(
                last_words.redirect_kind in ('portal', 'phone', 'email'), false
            ) as is_redirected,
            segments.is_closed
            and coalesce(closing_teams.is_automatic, false) as is_closed_automatically,
            ratings.is_satisfied as csat_satisfied,
            repeats.conversation_key is not null as is_repeated_within_7d,
            segments.is_closed
            and coalesce(work.cross_team_handoffs, 0) = 0
            and segments.reopens = 0
            and repeats.conversation_key is null as is_fcr,

            segments.inbound_messages,
            segments.human_replies,
            segments.bot_messages,
            segments.closes,
            segments.reopens,
            coalesce(work.handoffs, 0) as handoffs,
            coalesce(work.cross_team_handoffs, 0) as cross_team_handoffs,
            coalesce(work.agents, 0) as agents,
            coalesce(work.teams, 0) as teams,

            first_turns.wait_s as first_reply_s,
            first_turns.wait_business_s as first_reply_business_s,
            first_turns.bot_s as first_reply_bot_s,
            {{ seconds_between("segments.first_inbound_at", "segments.first_closed_at") }}
            as first_close_s,
            case
                when segments.is_closed
                then {{ seconds_between("segments.first_inbound_at", "segments.last_closed_at") }}
            end as final_close_s,
            cast(open_time.open_s as bigint) as open_s,
            cast(coalesce(waiting_time.waiting_on_us_s, 0) as bigint) as waiting_on_us_s,
            case
                when first_assignments.first_assigned_at < segments.first_inbound_at
                then 0
                else
                    {{
                        seconds_between(
                            "segments.first_inbound_at", "first_assignments.first_assigned_at"
                        )
                    }}
            end as assign_s,
            -- Without an assignment on record nobody can say who had it in hand.
            case
                when first_assignments.conversation_key is not null
                then coalesce(handled_time.handle_s, 0)
            end as handle_s,
            tool_timers.effort_s
        from segments
        left join first_turns on first_turns.conversation_key = segments.conversation_key
        left join work on work.conversation_key = segments.conversation_key
        left join last_assignments on last_assignments.conversation_key = segments.conversation_key
        left join closing_teams on closing_teams.conversation_key = segments.conversation_key
        left join open_time on open_time.conversation_key = segments.conversation_key
        left join waiting_time on waiting_time.conversation_key = segments.conversation_key
        left join main_products on main_products.conversation_key = segments.conversation_key
        left join repeats on repeats.conversation_key = segments.conversation_key
        left join
            first_assignments on first_assignments.conversation_key = segments.conversation_key
        left join
            opening_priorities on opening_priorities.conversation_key = segments.conversation_key
        left join
            vip_conversations on vip_conversations.conversation_key = segments.conversation_key
        left join bots on bots.conversation_key = segments.conversation_key
        left join last_words on last_words.conversation_key = segments.conversation_key
        left join handled_time on handled_time.conversation_key = segments.conversation_key
        left join tool_timers on tool_timers.conversation_key = segments.conversation_key
        left join ratings on ratings.conversation_key = segments.conversation_key
    )

select *
from final
