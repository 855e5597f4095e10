with
    sent as (select * from {{ ref("kpi_human_messages") }}),

    turns as (
        select *
        from {{ ref("fct_replies") }}
        where is_in_scope and not is_bot_contained and is_first and is_replied
    ),

    agents as (select * from {{ ref("kpi_agent_names") }}),

    {{ tenured_replies("sent", "turns", "agents") }},

    final as (
        select
            turn_key,

            started_on,

            tenure_months,

            case when tenure_months < 3 then 1 else 0 end as newcomer_replies,
            case when tenure_months < 3 then wait_s end as newcomer_reply_s
        from tenured_replies
    )

select *
from final
