{#- Steps of a query, the last of which is called acted: on which days a team acted, by a message or by an event of its own.
    Both the scorecard and kpi_team_days read it. -#}
{% macro acted_teams(sent, events) -%}
    -- An assignment names who gets the conversation, not who acted.
    own_events as (
        select *
        from {{ events }} as events
        where not is_automatic and agent_key is not null and event_kind <> 'assigned'
    ),

    acted as (
        select team, sent_on as date_on
        from {{ sent }} as sent
        where agent_key is not null and team <> 'unassigned'
        union
        select team, event_on as date_on
        from own_events
        where team is not null and team <> 'unassigned'
    )
{%- endmacro %}
