with
    answers as (select * from {{ ref("int_maturity_answers") }}),

    messages as (
        select *
        from {{ ref("fct_messages") }}
        where direction = 'out' and not is_bot and agent_key is not null
    ),

    events as (
        select *
        from {{ ref("fct_conversation_events") }}
        where not is_automatic and agent_key is not null and event_kind <> 'assigned'
    ),

    agents as (select * from {{ ref("dim_agent") }}),

    turns as (select * from {{ ref("fct_replies") }} where is_in_scope and not is_bot_contained),

    conversations as (select * from {{ ref("fct_conversations") }}),

    promises as (select * from {{ ref("fct_sla") }} where is_in_scope),

    reviews as (select * from {{ ref("fct_review_deliveries") }}),

    costs as (select * from {{ ref("fct_costs") }} where contact_channel = 'social'),

    customers as (select * from {{ ref("dim_customer") }}),

    orders as (select ordered_on from {{ ref("fct_orders") }}),

    sessions as (select started_on from {{ ref("fct_web_sessions") }}),

    surveys as (select responded_on from {{ ref("fct_survey_responses") }}),

    mentions as (select sent_on from {{ ref("fct_mentions") }}),

    -- The ninety days up to an assessment, and its last twelve whole months.
    days as (
        select distinct
            assessment_on,
            {{ add_days("assessment_on", -90) }} as after_on,
            {{ add_days("assessment_on", -28) }} as four_weeks_after_on,
            cast(date_trunc('month', assessment_on) as date) as month_on
        from answers
    ),

    answering_people as (
        select
            days.assessment_on,
            'answering_people' as metric,
            count(distinct coalesce(agents.agent_name, messages.agent_key)) as value,
            count(*) as n
        from days
        inner join
            messages on messages.sent_on > days.after_on and messages.sent_on <= days.assessment_on
        left join
            agents
            on agents.agent_key = messages.agent_key
            and {{ in_force("agents", "messages.sent_at") }}
        group by days.assessment_on
    ),

    covered_hours as (
        select
            days.assessment_on,
            'covered_hours_share' as metric,
            count(distinct {{ hour_of_week("turns.replied_at") }}) / 168 as value,
            count(*) as n
        from days
        inner join
            turns
            on turns.replied_on > days.four_weeks_after_on
            and turns.replied_on <= days.assessment_on
        where turns.is_replied
        group by days.assessment_on
    ),

    promises_kept as (
        select
            days.assessment_on,
            'promises_kept_share' as metric,
            count(*) filter (where promises.outcome = 'met') / count(*) as value,
            count(*) as n
        from days
        inner join
            promises
            on promises.started_on > days.after_on
            and promises.started_on <= days.assessment_on
        where promises.outcome in ('met', 'breached')
        group by days.assessment_on
    ),

    reviews_on_time as (
        select
            days.assessment_on,
            'reviews_on_time_share' as metric,
            count(*) filter (where reviews.is_on_time) / count(*) as value,
            count(*) as n
        from days
        inner join
            reviews on reviews.due_on > days.after_on and reviews.due_on <= days.assessment_on
        group by days.assessment_on
    ),

    months_with_budget as (
        select
            days.assessment_on,
            'months_with_budget' as metric,
            count(distinct costs.month_on) as value,
            count(*) as n
        from days
        inner join
            costs
            on costs.month_on >= {{ add_months("days.month_on", -12) }}
            and costs.month_on < days.month_on
        group by days.assessment_on
    ),

    in_conversations as (
        select
            days.assessment_on,
            count(
                distinct case when conversations.is_handled then conversations.network end
            ) as networks_answered,
            count(*) filter (where conversations.is_handled) as handled,
            count(*) filter (
                where conversations.is_handled and conversations.status = 'closed'
            ) as resolved,
            count(*) filter (
                where
                    conversations.is_handled
                    and conversations.status = 'closed'
                    and not conversations.is_redirected
            ) as resolved_in_channel,
            count(*) filter (where conversations.initiated_by = 'brand') as proactive,
            count(*) as opened
        from days
        inner join
            conversations
            on conversations.opened_on > days.after_on
            and conversations.opened_on <= days.assessment_on
        where not conversations.is_spam
        group by days.assessment_on
    ),

    team_work as (
        select agent_key, sent_at as worked_at, sent_on as worked_on
        from messages
        union all
        select agent_key, event_at as worked_at, event_on as worked_on
        from events
    ),

    departments as (
        select
            days.assessment_on,
            'departments_involved' as metric,
            count(distinct agents.team) as value,
            count(*) as n
        from days
        inner join
            team_work
            on team_work.worked_on > days.after_on
            and team_work.worked_on <= days.assessment_on
        inner join
            agents
            on agents.agent_key = team_work.agent_key
            and {{ in_force("agents", "team_work.worked_at") }}
        where agents.team <> 'unassigned'
        group by days.assessment_on
    ),

    seen as (
        select 'website' as source_kind, started_on as seen_on
        from sessions
        union
        select 'customers' as source_kind, ordered_on as seen_on
        from orders
        union
        select 'surveys' as source_kind, responded_on as seen_on
        from surveys
        where responded_on is not null
        union
        select 'listening' as source_kind, sent_on as seen_on
        from mentions
    ),

    sources_joined as (
        select
            days.assessment_on,
            'sources_joined' as metric,
            count(distinct seen.source_kind) as value,
            count(*) as n
        from days
        inner join seen on seen.seen_on > days.after_on and seen.seen_on <= days.assessment_on
        group by days.assessment_on
    ),

    customer_match as (
        select
            days.assessment_on,
            'customer_match_share' as metric,
            count(*) filter (where customers.has_social_identity) / count(*) as value,
            count(*) as n
        from days
        inner join customers on customers.became_customer_on <= days.assessment_on
        where customers.left_on is null or customers.left_on > days.assessment_on
        group by days.assessment_on
    ),

    measured as (
        select assessment_on, metric, cast(value as double) as value, n
        from answering_people
        union all
        select assessment_on, metric, cast(value as double), n
        from covered_hours
        union all
        select assessment_on, metric, cast(value as double), n
        from promises_kept
        union all
        select assessment_on, metric, cast(value as double), n
        from reviews_on_time
        union all
        select assessment_on, metric, cast(value as double), n
        from months_with_budget
        union all
        select assessment_on, 'networks_answered', cast(networks_answered as double), handled
        from in_conversations
        where handled > 0
        union all
        select
            assessment_on,
            'resolved_in_channel_share',
            cast(resolved_in_channel / resolved as double),
            resolved
        from in_conversations
        where resolved > 0
        union all
        select assessment_on, 'proactive_share', cast(proactive / opened as double), opened
        from in_conversations
        union all
        select assessment_on, metric, cast(value as double), n
        from departments
        union all
        select assessment_on, metric, cast(value as double), n
        from sources_joined
        union all
        select assessment_on, metric, cast(value as double), n
        from customer_match
    ),

    final as (
        select
            {{ surrogate_key(["assessment_on", "metric"]) }} as evidence_key,

            assessment_on,

            metric,

            value,
            cast(n as bigint) as n
        from measured
    )

select *
from final
