with
    messages as (
        select
            min(sent_on) as first_on,
            min(sent_on) filter (where directedness = 'about_us') as first_about_us_on,
            min(sent_on) filter (where sentiment is not null) as first_sentiment_on,
            min(sent_on) filter (where template_id is not null) as first_template_on
        from {{ ref("fct_messages") }}
    ),

    tags as (
        select min(messages.sent_on) as first_on
        from {{ ref("int_message_tags") }} as tagged
        inner join
            {{ ref("fct_messages") }} as messages on messages.message_key = tagged.message_key
    ),

    turns as (
        select
            min(started_on) as first_on,
            min(started_on) filter (where policy_visibility is not null) as first_policy_on
        from {{ ref("fct_replies") }}
    ),

    lists as (select count(*) as memberships from {{ ref("bridge_contact_vip") }}),

    matched as (
        select count(*) as identities
        from {{ ref("bridge_customer_contacts") }}
        where not is_ambiguous
    ),

    conversations as (
        select
            min(opened_on) as first_on,
            min(opened_on) filter (where closes > 0) as first_close_on,
            min(opened_on) filter (where agents > 0) as first_agent_on,
            min(opened_on) filter (where first_assigned_at is not null) as first_assignment_on,
            min(opened_on) filter (where is_bot_started) as first_bot_on,
            min(opened_on) filter (where effort_s is not null) as first_timer_on
        from {{ ref("fct_conversations") }}
    ),

    surveys as (
        select
            min(coalesce(sent_on, responded_on)) as first_on,
            min(coalesce(sent_on, responded_on)) filter (where survey_kind = 'nps') as first_nps_on
        from {{ ref("fct_survey_responses") }}
    ),

    promises as (select min(started_on) as first_on from {{ ref("fct_sla") }}),

    phone as (
        select
            min(date_on) as first_on,
            min(date_on) filter (where agent_hours is not null) as first_staffed_on,
            min(date_on) filter (where deflections_accepted is not null) as first_deflection_on
        from {{ ref("fct_phone_daily") }}
    ),

    presence as (select min(date_on) as first_on from {{ ref("fct_agent_presence") }}),

    mentions as (
        select
            min(sent_on) as first_on,
            min(sent_on) filter (where counts_for_share) as first_share_on,
            min(sent_on) filter (
                where is_own_brand and engagements is not null and impressions is not null
            ) as first_seen_on
        from {{ ref("fct_mentions") }}
    ),

    -- An inbox that exports no closes, no agents or no sentiment says nothing about them, which is
    -- not zero.
    final as (
        select 'messages' as family, first_on
        from messages
        union all
        select 'listening', first_about_us_on
        from messages
        union all
        select 'sentiment', first_sentiment_on
        from messages
        union all
        select 'templates', first_template_on
        from messages
        union all
        select 'tags', first_on
        from tags
        union all
        select 'turns', first_on
        from turns
        union all
        select 'policies', first_policy_on
        from turns
        union all
        -- A list without dates holds from ever, so the list covers as much as the messages do.
        select 'vip', case when lists.memberships > 0 then turns.first_on end
        from turns
        cross join lists
        union all
        select 'conversations', first_on
        from conversations
        union all
        select 'backlog', first_on
        from conversations
        union all
        select 'closes', first_close_on
        from conversations
        union all
        select 'agents', first_agent_on
        from conversations
        union all
        select 'assignments', first_assignment_on
        from conversations
        union all
        select 'bots', first_bot_on
        from conversations
        union all
        select 'timers', first_timer_on
        from conversations
        union all
        select 'sla', first_on
        from promises
        union all
        select 'phone', first_on
        from phone
        union all
        select 'phone_staff', first_staffed_on
        from phone
        union all
        select 'deflection', first_deflection_on
        from phone
        union all
        select 'presence', first_on
        from presence
        union all
        select
            'presence_and_phone',
            case
                when presence.first_on >= phone.first_staffed_on
                then presence.first_on
                else phone.first_staffed_on
            end
        from presence
        cross join phone
        where presence.first_on is not null
        union all
        select 'surveys', first_on
        from surveys
        union all
        select 'nps', first_nps_on
        from surveys
        union all
        select 'mentions', first_on
        from mentions
        union all
        select 'mentions_seen', first_seen_on
        from mentions
        union all
        select 'share_of_voice', first_share_on
        from mentions
        union all
        -- Hours are held against the eight weeks before them, so the first eight tell nothing.
        select 'crises', {{ add_days("first_on", 56) }}
        from messages
        union all
        select 'posts', min(metric_on) filter (where level = 'post')
        from {{ ref("fct_engagement") }}
        union all
        select 'profile_days', min(metric_on) filter (where level = 'profile')
        from {{ ref("fct_engagement") }}
        union all
        select 'posts_aged', min(posts.posted_on)
        from {{ ref("int_posts_aged") }} as aged
        inner join {{ ref("dim_post") }} as posts on posts.post_key = aged.post_key
        union all
        select 'followers', min(metric_on)
        from {{ ref("fct_followers") }}
        where followers is not null
        union all
        select 'reach', min(window_end_on)
        from {{ ref("fct_reach") }}
        union all
        select 'web', min(started_on)
        from {{ ref("fct_web_sessions") }}
        union all
        select 'certificates', min(posted_on)
        from {{ ref("kpi_certificate_posts") }}
        union all
        select 'orders', min(ordered_on) filter (where is_sale and customer_key is not null)
        from {{ ref("fct_orders") }}
        union all
        -- Who is unhappy is known from sentiment, whose customer they are from their identities.
        select 'customers', case when matched.identities > 0 then messages.first_sentiment_on end
        from messages
        cross join matched
        union all
        select 'costs', min(month_on) filter (where contact_channel is not null)
        from {{ ref("fct_costs") }}
        union all
        -- What is assumed says something once there are costs beside it.
        select 'roi', min(month_on)
        from {{ ref("fct_costs") }}
        union all
        select 'maturity', min(assessment_on)
        from {{ ref("fct_maturity_answers") }}
        union all
        select 'deliveries', min(due_on)
        from {{ ref("fct_review_deliveries") }}
        union all
        select 'checks', min(checked_on)
        from {{ ref("fct_check_runs") }}
    )

select *
from final
