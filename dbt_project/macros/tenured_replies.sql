{#- Steps of a query, the last of which is called tenured_replies: first replies by the months since their agent began.
    Both the scorecard and kpi_newcomer_replies read it. -#}
{% macro tenured_replies(sent, turns, agents) -%}
    -- No export says when somebody began: it is the day of their first message. Whoever wrote in
    -- the first weeks of all may have begun long before, and is left out.
    beginnings as (
        select person, min(sent_on) as began_on, min(min(sent_on)) over () as first_of_all_on
        from {{ sent }} as sent
        where agent_key is not null
        group by person
    ),

    newcomers as (
        select person, began_on
        from beginnings
        where began_on >= {{ add_days("first_of_all_on", var("tenure_unknown_days")) }}
    ),

    named as (
        select
            turns.turn_key,
            turns.started_on,
            turns.replied_on,
            turns.wait_s,
            coalesce(agents.agent_name, turns.agent_key) as person
        from {{ turns }} as turns
        left join {{ agents }} as agents on agents.agent_key = turns.agent_key
    ),

    -- Calendar months apart, one less if the day of the month is not reached yet.
    apart as (
        select
            named.*,
            newcomers.began_on,
            (extract(year from named.replied_on) - extract(year from newcomers.began_on)) * 12
            + extract(month from named.replied_on)
            - extract(month from newcomers.began_on) as months_apart
        from named
        inner join newcomers on newcomers.person = named.person
        where named.replied_on >= newcomers.began_on
    ),

    tenured_replies as (
        select
            turn_key,
            started_on,
            wait_s,
            cast(
                months_apart - case
                    when {{ add_months("began_on", "months_apart") }} > replied_on then 1 else 0
                end as bigint
            ) as tenure_months
        from apart
    )
{%- endmacro %}
