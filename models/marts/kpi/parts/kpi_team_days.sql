with
    sent as (select * from {{ ref("kpi_human_messages") }}),

    events as (select * from {{ ref("fct_conversation_events") }}),

    {{ acted_teams("sent", "events") }},

    final as (
        select {{ surrogate_key(["team", "date_on"]) }} as team_day_key, date_on, team from acted
    )

select *
from final
