{%- set parts = {
    "received": [
        "inbound_messages",
        "inbound_to_us_messages",
        "inbound_about_us_messages",
        "actioned_messages",
        "service_messages",
        "untagged_messages",
        "brand_love_messages",
    ],
    "waited": [
        "needs_response_turns",
        "first_replies",
        "first_reply_s",
        "first_reply_business_s",
        "first_replies_within_4h",
        "first_replies_decided_4h",
        "first_replies_within_1h",
        "first_replies_decided_1h",
        "technical_first_replies",
        "technical_first_reply_s",
        "first_turns",
        "out_of_hours_first_turns",
        "out_of_hours_first_replies",
        "out_of_hours_first_reply_s",
        "vip_first_replies",
        "vip_first_reply_s",
        "replies",
        "reply_s",
        "mature_turns",
        "mature_replied_turns",
        "mature_72h_turns",
        "mature_72h_replied_turns",
        "vip_mature_turns",
        "vip_mature_replied_turns",
        "replies_with_policy",
        "replies_as_policy",
    ],
    "flows": ["new_cases", "reopened_cases", "ended_cases"],
    "opened": [
        "handled_cases",
        "resolved_cases",
        "resolved_in_channel_cases",
        "handoffs",
        "cross_team_handoffs",
        "cross_team_cases",
        "agents_of_cases",
        "cases_with_agents",
        "assigned_cases",
        "assign_s",
    ],
    "begun": ["bot_started_cases", "bot_resolved_cases"],
    "first_closed": [
        "first_closes",
        "first_close_s",
        "aged_first_closes",
        "reopened_first_closes",
    ],
    "last_closed": [
        "final_closes",
        "final_close_s",
        "one_touch_cases",
        "aged_final_closes",
        "first_contact_resolutions",
        "handle_s",
        "handled_by_somebody_cases",
        "timed_cases",
        "effort_s",
    ],
    "sent": ["human_messages", "template_messages", "portal_redirects"],
    "person_closed": ["closes_by_people"],
    "asked": ["mature_surveys", "mature_answered_surveys"],
    "answered": ["csat_answers", "csat_satisfied"],
} -%}

with
    messages as (select * from {{ ref("fct_messages") }}),

    message_tags as (select * from {{ ref("int_message_tags") }}),

    replies as (select * from {{ ref("fct_replies") }} where is_in_scope),

    conversations as (select * from {{ ref("fct_conversations") }}),

    care_conversations as (select * from conversations where is_in_scope),

    conversation_tags as (select * from {{ ref("bridge_conversation_tags") }}),

    spans as (select * from {{ ref("int_conversation_spans") }}),

    events as (select * from {{ ref("fct_conversation_events") }}),

    human_messages as (select * from {{ ref("kpi_human_messages") }}),

    open_conversations as (select * from {{ ref("fct_conversation_daily") }} where is_in_scope),

    surveys as (select * from {{ ref("fct_survey_responses") }}),

    profiles as (select * from {{ ref("dim_profile") }}),

    dates as (select * from {{ ref("dim_date") }}),

    tagged as (
        select message_key, max(case when tag_kind = 'service' then 1 else 0 end) as is_service
        from message_tags
        group by message_key
    ),

    technical as (
        select distinct conversation_key
        from conversation_tags
        where tag_kind = 'topic' and tag_value = 'technical'
    ),

    received as (
        select
            messages.sent_on as date_on,
            messages.profile_key,
            count(*) as inbound_messages,
            count(*) filter (where messages.directedness = 'to_us') as inbound_to_us_messages,
            count(*) filter (where messages.directedness = 'about_us') as inbound_about_us_messages,
            count(*) filter (where messages.is_actioned) as actioned_messages,
            count(*) filter (where tagged.is_service = 1) as service_messages,
            count(*) filter (where tagged.message_key is null) as untagged_messages,
            count(*) filter (where messages.is_brand_love) as brand_love_messages
        from messages
        left join tagged on tagged.message_key = messages.message_key
        where messages.direction = 'in' and not messages.is_spam and not messages.is_own
        group by messages.sent_on, messages.profile_key
    ),

    turns as (
        select
            replies.*,
            is_first and is_replied as is_first_reply,
            is_replied and not is_bot_contained as is_reply,
            not is_bot_contained and age_s > 86400 as is_mature,
            not is_bot_contained and age_s > 259200 as is_mature_72h,
            technical.conversation_key is not null as is_technical
        from replies
        left join technical on technical.conversation_key = replies.conversation_key
    ),

    waited as (
        select
            started_on as date_on,
            profile_key,
            count(*) as needs_response_turns,
            count(*) filter (where is_first_reply) as first_replies,
            sum(wait_s) filter (where is_first_reply) as first_reply_s,
            sum(wait_business_s) filter (where is_first_reply) as first_reply_business_s,
            count(*) filter (where is_first_reply and wait_s <= 14400) as first_replies_within_4h,
            count(*) filter (
                where is_first and (is_replied or age_s > 14400)
            ) as first_replies_decided_4h,
            count(*) filter (where is_first_reply and wait_s <= 3600) as first_replies_within_1h,
            count(*) filter (
                where is_first and (is_replied or age_s > 3600)
            ) as first_replies_decided_1h,
            count(*) filter (where is_first_reply and is_technical) as technical_first_replies,
            sum(wait_s) filter (where is_first_reply and is_technical) as technical_first_reply_s,
            count(*) filter (where is_first and not is_bot_contained) as first_turns,
            count(*) filter (
                where is_first and not is_bot_contained and is_out_of_hours
            ) as out_of_hours_first_turns,
            count(*) filter (
                where is_first_reply and is_out_of_hours
            ) as out_of_hours_first_replies,
            sum(wait_s) filter (
                where is_first_reply and is_out_of_hours
            ) as out_of_hours_first_reply_s,
            count(*) filter (where is_first_reply and is_vip) as vip_first_replies,
            sum(wait_s) filter (where is_first_reply and is_vip) as vip_first_reply_s,
            count(*) filter (where is_reply) as replies,
            sum(wait_s) filter (where is_reply) as reply_s,
            count(*) filter (where is_mature) as mature_turns,
            count(*) filter (where is_mature and is_replied) as mature_replied_turns,
            count(*) filter (where is_mature_72h) as mature_72h_turns,
            count(*) filter (where is_mature_72h and is_replied) as mature_72h_replied_turns,
            count(*) filter (where is_mature and is_vip) as vip_mature_turns,
            count(*) filter (where is_mature and is_vip and is_replied) as vip_mature_replied_turns,
            count(*) filter (
                where is_replied and policy_visibility is not null
            ) as replies_with_policy,
            count(*) filter (
                where is_replied and reply_visibility = policy_visibility
            ) as replies_as_policy
        from turns
        group by started_on, profile_key
    ),

    moved as (
        select
            {{ reporting_date("spans.span_started_at") }} as date_on,
            care_conversations.profile_key,
            count(*) filter (where not spans.is_reopen) as new_cases,
            count(*) filter (where spans.is_reopen) as reopened_cases,
            0 as ended_cases
        from spans
        inner join
            care_conversations on care_conversations.conversation_key = spans.conversation_key
        group by {{ reporting_date("spans.span_started_at") }}, care_conversations.profile_key

        union all

        select
            {{ reporting_date("spans.span_ended_at") }} as date_on,
            care_conversations.profile_key,
            0 as new_cases,
            0 as reopened_cases,
            count(*) as ended_cases
        from spans
        inner join
            care_conversations on care_conversations.conversation_key = spans.conversation_key
        where spans.span_ended_at is not null
        group by {{ reporting_date("spans.span_ended_at") }}, care_conversations.profile_key
    ),

    flows as (
        select
            date_on,
            profile_key,
            sum(new_cases) as new_cases,
            sum(reopened_cases) as reopened_cases,
            sum(ended_cases) as ended_cases
        from moved
        group by date_on, profile_key
    ),

    opened as (
        select
            opened_on as date_on,
            profile_key,
            count(*) filter (where is_handled) as handled_cases,
            count(*) filter (where is_handled and status = 'closed') as resolved_cases,
            count(*) filter (
                where is_handled and status = 'closed' and not is_redirected
            ) as resolved_in_channel_cases,
            sum(handoffs) filter (where is_handled) as handoffs,
            sum(cross_team_handoffs) filter (where is_handled) as cross_team_handoffs,
            count(*) filter (where is_handled and cross_team_handoffs > 0) as cross_team_cases,
            sum(agents) filter (where is_handled and agents > 0) as agents_of_cases,
            count(*) filter (where is_handled and agents > 0) as cases_with_agents,
            count(assign_s) as assigned_cases,
            sum(assign_s) as assign_s
        from care_conversations
        group by opened_on, profile_key
    ),

    begun as (
        select
            opened_on as date_on,
            profile_key,
            count(*) as bot_started_cases,
            count(*) filter (where is_bot_resolved) as bot_resolved_cases
        from conversations
        where is_bot_started and initiated_by = 'customer' and not is_spam
        group by opened_on, profile_key
    ),

    first_closed as (
        select
            first_closed_on as date_on,
            profile_key,
            count(*) as first_closes,
            sum(first_close_s) as first_close_s,
            count(*) filter (
                where {{ is_older_than("first_closed_at", var("reopen_window_s")) }}
            ) as aged_first_closes,
            count(*) filter (
                where reopens > 0 and {{ is_older_than("first_closed_at", var("reopen_window_s")) }}
            ) as reopened_first_closes
        from care_conversations
        where is_care_closed
        group by first_closed_on, profile_key
    ),

    last_closed as (
        select
            last_closed_on as date_on,
            profile_key,
            count(*) as final_closes,
            sum(final_close_s) as final_close_s,
            count(*) filter (where is_one_touch) as one_touch_cases,
            count(*) filter (
                where {{ is_older_than("last_closed_at", var("repeat_window_s")) }}
            ) as aged_final_closes,
            count(*) filter (
                where is_fcr and {{ is_older_than("last_closed_at", var("repeat_window_s")) }}
            ) as first_contact_resolutions,
            sum(handle_s) as handle_s,
            count(handle_s) as handled_by_somebody_cases,
            count(effort_s) as timed_cases,
            {{ exact_sum("effort_s") }} as effort_s
        from care_conversations
        where is_care_closed and status = 'closed'
        group by last_closed_on, profile_key
    ),

    sent as (
        select
            human_messages.sent_on as date_on,
            care_conversations.profile_key,
            count(*) as human_messages,
            count(human_messages.template_id) as template_messages,
            count(*) filter (where human_messages.redirect_kind = 'portal') as portal_redirects
        from human_messages
        inner join
            care_conversations
            on care_conversations.conversation_key = human_messages.conversation_key
        group by human_messages.sent_on, care_conversations.profile_key
    ),

    person_closed as (
        select
            {{ reporting_date("events.event_at") }} as date_on,
            care_conversations.profile_key,
            count(*) as closes_by_people
        from events
        inner join
            care_conversations on care_conversations.conversation_key = events.conversation_key
        where events.is_close and events.agent_key is not null and not events.is_automatic
        group by {{ reporting_date("events.event_at") }}, care_conversations.profile_key
    ),

    asked as (
        select
            surveys.sent_on as date_on,
            conversations.profile_key,
            count(*) as mature_surveys,
            count(*) filter (where surveys.is_answered) as mature_answered_surveys
        from surveys
        left join conversations on conversations.conversation_key = surveys.conversation_key
        where surveys.sent_on is not null and {{ is_older_than("surveys.sent_at", 604800) }}
        group by surveys.sent_on, conversations.profile_key
    ),

    answered as (
        select
            surveys.responded_on as date_on,
            conversations.profile_key,
            count(*) as csat_answers,
            count(*) filter (where surveys.is_satisfied) as csat_satisfied
        from surveys
        left join conversations on conversations.conversation_key = surveys.conversation_key
        where
            surveys.survey_kind = 'csat'
            and surveys.is_satisfied is not null
            and surveys.responded_on is not null
        group by surveys.responded_on, conversations.profile_key
    ),

    backlog as (
        select
            day_on as date_on,
            profile_key,
            count(*) as open_cases,
            count(*) filter (where is_unanswered) as unanswered_cases
        from open_conversations
        group by day_on, profile_key
    ),

    keys as (
        {% for part in parts %}
            select date_on, profile_key
            from {{ part }}
            union
        {% endfor %}
        select date_on, profile_key
        from backlog
    ),

    -- A survey whose conversation is unknown belongs to no profile and is still counted.
    final as (
        select
            {{ surrogate_key(["keys.date_on", "keys.profile_key"]) }} as care_daily_key,
            keys.date_on,
            keys.profile_key,
            profiles.network,
            profiles.product,
            {% for part, columns in parts.items() %}
                {% for column in columns %}
                    cast(coalesce({{ part }}.{{ column }}, 0) as bigint) as {{ column }},
                {% endfor %}
            {% endfor %}
            -- The running day has no end yet, so its backlog is not known.
            case
                when dates.day_ends_at <= {{ as_of() }} then coalesce(backlog.open_cases, 0)
            end as open_cases,
            case
                when dates.day_ends_at <= {{ as_of() }} then coalesce(backlog.unanswered_cases, 0)
            end as unanswered_cases
        from keys
        inner join dates on dates.date_on = keys.date_on
        left join profiles on profiles.profile_key = keys.profile_key
        {% for part in parts %}
            left join
                {{ part }}
                on {{ part }}.date_on = keys.date_on
                and {{ part }}.profile_key is not distinct from keys.profile_key
        {% endfor %}
        left join
            backlog on backlog.date_on = keys.date_on and backlog.profile_key = keys.profile_key
    )

select *
from final
