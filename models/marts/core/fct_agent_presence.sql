with
    presence as (select * from {{ ref("int_agent_presence") }}),

    final as (
        select agent_presence_key, agent_key, date_on, available_s, away_s, busy_s, present_s
        from presence
    )

select *
from final
