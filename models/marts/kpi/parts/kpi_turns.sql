with
    replies as (select * from {{ ref("fct_replies") }} where is_in_scope),

    conversation_topics as (
        select * from {{ ref("bridge_conversation_topics") }} where topic = 'technical'
    ),

    turns as (
        select
            replies.*,
            replies.is_first and replies.is_replied as is_first_reply,
            replies.is_replied and not replies.is_bot_contained as is_reply,
            not replies.is_bot_contained and replies.age_s > 86400 as is_mature,
            not replies.is_bot_contained and replies.age_s > 259200 as is_mature_72h,
            conversation_topics.conversation_key is not null as is_technical
        from replies
        left join
            conversation_topics on conversation_topics.conversation_key = replies.conversation_key
    ),

    final as (
        select
            turn_key,
            conversation_key,
            profile_key,
            agent_key,

            started_at,
            started_on,

            network,
            team,
            message_type,
            visibility,
            directedness,
            priority,
            is_vip,

            1 as needs_response_turns,
            {% for name, condition in {
                "first_replies": "is_first_reply",
                "first_replies_within_4h": "is_first_reply and wait_s <= 14400",
                "first_replies_decided_4h": "is_first and (is_replied or age_s > 14400)",
                "first_replies_within_1h": "is_first_reply and wait_s <= 3600",
                "first_replies_decided_1h": "is_first and (is_replied or age_s > 3600)",
                "technical_first_replies": "is_first_reply and is_technical",
                "first_turns": "is_first and not is_bot_contained",
                "out_of_hours_first_turns": "is_first and not is_bot_contained and is_out_of_hours",
                "out_of_hours_first_replies": "is_first_reply and is_out_of_hours",
                "vip_first_replies": "is_first_reply and is_vip",
                "replies": "is_reply",
                "mature_turns": "is_mature",
                "mature_replied_turns": "is_mature and is_replied",
                "mature_72h_turns": "is_mature_72h",
                "mature_72h_replied_turns": "is_mature_72h and is_replied",
                "vip_mature_turns": "is_mature and is_vip",
                "vip_mature_replied_turns": "is_mature and is_vip and is_replied",
                "replies_with_policy": "is_replied and policy_visibility is not null",
                "replies_as_policy": "is_replied and reply_visibility = policy_visibility",
            }.items() -%}
                case when {{ condition }} then 1 else 0 end as {{ name }},
            {% endfor -%}

            case when is_first_reply then wait_s end as first_reply_s,
            case when is_first_reply then wait_business_s end as first_reply_business_s,
            case when is_first_reply and is_technical then wait_s end as technical_first_reply_s,
            case
                when is_first_reply and is_out_of_hours then wait_s
            end as out_of_hours_first_reply_s,
            case when is_first_reply and is_vip then wait_s end as vip_first_reply_s,
            case when is_reply then wait_s end as reply_s
        from turns
    )

select *
from final
