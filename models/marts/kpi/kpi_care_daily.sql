{#- Parts of single turns, messages and conversations, added up by the day of each. -#}
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
    inbound_messages as (select * from {{ ref("kpi_inbound_messages") }}),

    turns as (select * from {{ ref("kpi_turns") }}),

    kpi_conversations as (select * from {{ ref("kpi_conversations") }}),

    agent_work as (select * from {{ ref("kpi_agent_work") }}),

    surveys as (select * from {{ ref("kpi_surveys") }}),

    care_conversations as (select * from {{ ref("fct_conversations") }} where is_in_scope),

    spans as (select * from {{ ref("int_conversation_spans") }}),

    open_conversations as (select * from {{ ref("fct_conversation_daily") }} where is_in_scope),

    profiles as (select * from {{ ref("dim_profile") }}),

    dates as (select * from {{ ref("dim_date") }}),

    {% for part, source in {
        "received": ("inbound_messages", "sent_on", "true"),
        "waited": ("turns", "started_on", "true"),
        "opened": ("kpi_conversations", "opened_on", "is_in_scope"),
        "begun": ("kpi_conversations", "opened_on", "bot_started_cases = 1"),
        "first_closed": ("kpi_conversations", "first_closed_on", "first_closes = 1"),
        "last_closed": ("kpi_conversations", "last_closed_on", "final_closes = 1"),
        "sent": ("agent_work", "worked_on", "human_messages = 1"),
        "person_closed": ("agent_work", "worked_on", "closes_by_people = 1"),
        "asked": ("surveys", "sent_on", "mature_surveys = 1"),
        "answered": (
            "surveys",
            "responded_on",
            "csat_answers = 1 and responded_on is not null",
        ),
    }.items() %}
        {{ part }} as (
            select
                {{ source[1] }} as date_on,
                profile_key,
                {% for column in parts[part] -%}
                    {{ exact_sum(column) if column == "effort_s" else "sum(" ~ column ~ ")" }}
                    as {{ column }}
                    {%- if not loop.last %},{% endif %}
                {% endfor %}
            from {{ source[0] }}
            where {{ source[2] }}
            group by {{ source[1] }}, profile_key
        ),
    {% endfor %}

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
