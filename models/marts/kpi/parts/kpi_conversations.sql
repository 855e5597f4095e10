with
    conversations as (select * from {{ ref("fct_conversations") }}),

    judged as (
        select
            *,
            is_in_scope and is_handled as is_care_handled,
            is_in_scope and is_care_closed as is_first_closed,
            is_in_scope and is_care_closed and status = 'closed' as is_last_closed,
            {{ is_older_than("first_closed_at", var("reopen_window_s")) }} as is_reopen_over,
            {{ is_older_than("last_closed_at", var("repeat_window_s")) }} as is_repeat_over,
            is_bot_started and initiated_by = 'customer' and not is_spam as is_bot_begun
        from conversations
    ),

    final as (
        select
            conversation_key,
            profile_key,
            agent_key,
            closing_agent_key,

            opened_on,
            first_closed_on,
            last_closed_on,

            network,
            message_type,
            visibility,
            priority,
            is_vip,
            team,
            closing_team,
            is_in_scope,

            {% for name, condition in {
                "opened_cases": "is_in_scope",
                "handled_cases": "is_care_handled",
                "handled_contacts": "is_handled",
                "resolved_cases": "is_care_handled and status = 'closed'",
                "resolved_in_channel_cases": (
                    "is_care_handled and status = 'closed' and not is_redirected"
                ),
                "cross_team_cases": "is_care_handled and cross_team_handoffs > 0",
                "cases_with_agents": "is_care_handled and agents > 0",
                "assigned_cases": "is_in_scope and assign_s is not null",
                "bot_started_cases": "is_bot_begun",
                "bot_resolved_cases": "is_bot_begun and is_bot_resolved",
                "first_closes": "is_first_closed",
                "aged_first_closes": "is_first_closed and is_reopen_over",
                "reopened_first_closes": "is_first_closed and is_reopen_over and reopens > 0",
                "final_closes": "is_last_closed",
                "one_touch_cases": "is_last_closed and is_one_touch",
                "aged_final_closes": "is_last_closed and is_repeat_over",
                "first_contact_resolutions": "is_last_closed and is_repeat_over and is_fcr",
                "handled_by_somebody_cases": "is_last_closed and handle_s is not null",
                "timed_cases": "is_last_closed and effort_s is not null",
            }.items() -%}
                case when {{ condition }} then 1 else 0 end as {{ name }},
            {% endfor -%}

            {% for name, part in {
                "handoffs": ("is_care_handled", "handoffs"),
                "cross_team_handoffs": ("is_care_handled", "cross_team_handoffs"),
                "agents_of_cases": ("is_care_handled and agents > 0", "agents"),
                "assign_s": ("is_in_scope", "assign_s"),
                "first_close_s": ("is_first_closed", "first_close_s"),
                "final_close_s": ("is_last_closed", "final_close_s"),
                "handle_s": ("is_last_closed", "handle_s"),
                "effort_s": ("is_last_closed", "effort_s"),
            }.items() -%}
                case when {{ part[0] }} then {{ part[1] }} end as {{ name }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from judged
    )

select *
from final
