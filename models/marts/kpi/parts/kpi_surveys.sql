with
    surveys as (select * from {{ ref("fct_survey_responses") }}),

    conversations as (select * from {{ ref("fct_conversations") }}),

    answers as ({{ surveys_answered_again("surveys") }}),

    judged as (
        select
            *,
            sent_on is not null
            and coalesce({{ is_older_than("sent_at", 604800) }}, false) as is_asked,
            survey_kind = 'csat' and is_satisfied is not null as is_csat,
            nps_group is not null and not is_answered_again as is_respondent
        from answers
    ),

    final as (
        select
            judged.survey_key,
            judged.conversation_key,
            judged.agent_key,
            conversations.profile_key,

            judged.sent_on,
            judged.responded_on,

            coalesce(judged.network, 'unknown') as network,
            conversations.message_type,
            conversations.visibility,
            conversations.priority,
            conversations.is_vip,
            judged.team,
            judged.survey_kind,

            {% for name, condition in {
                "mature_surveys": "judged.is_asked",
                "mature_answered_surveys": "judged.is_asked and judged.is_answered",
                "csat_answers": "judged.is_csat",
                "csat_satisfied": "judged.is_csat and judged.is_satisfied",
                "nps_respondents": "judged.is_respondent",
                "nps_promoters": "judged.is_respondent and judged.nps_group = 'promoter'",
                "nps_detractors": "judged.is_respondent and judged.nps_group = 'detractor'",
            }.items() -%}
                case when {{ condition }} then 1 else 0 end as {{ name }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from judged
        left join conversations on conversations.conversation_key = judged.conversation_key
    )

select *
from final
