with
    sent as (select * from {{ ref("kpi_human_messages") }}),

    -- An assignment names who gets the conversation, not who acted.
    events as (
        select *
        from {{ ref("fct_conversation_events") }}
        where not is_automatic and agent_key is not null and event_kind <> 'assigned'
    ),

    acted as (
        select team, sent_on as date_on
        from sent
        where agent_key is not null and team <> 'unassigned'
        union
        select team, event_on as date_on
        from events
        where team is not null and team <> 'unassigned'
    ),

    final as (
        select {{ surrogate_key(["team", "date_on"]) }} as team_day_key, date_on, team from acted
    )

select *
from final
