with
    sent as (select * from {{ ref("kpi_human_messages") }}),

    -- An assignment names who gets the conversation, not who acted.
    events as (
        select *
        from {{ ref("fct_conversation_events") }}
        where not is_automatic and agent_key is not null and event_kind <> 'assigned'
    ),

    turns as (
        select *
        from {{ ref("fct_replies") }}
        where is_in_scope and not is_bot_contained and is_first and is_replied
    ),

    agents as (select * from {{ ref("kpi_agent_names") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    acted as (
        select team, sent_on as date_on
        from sent
        where agent_key is not null and team <> 'unassigned'
        union
        select team, event_on as date_on
        from events
        where team is not null and team <> 'unassigned'
    ),

    departments as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            'overall' as slice_kind,
            'all' as slice_value,
            count(distinct acted.team) as departments
        from acted
        inner join period_days on period_days.date_on = acted.date_on
        group by period_days.period_kind, period_days.period_start_on
    ),

    -- No export says when somebody began: it is the day of their first message. Whoever wrote in
    -- the first weeks of all may have begun long before, and is left out.
    beginnings as (
        select person, min(sent_on) as began_on, min(min(sent_on)) over () as first_of_all_on
        from sent
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
            turns.started_on,
            turns.replied_on,
            turns.wait_s,
            coalesce(agents.agent_name, turns.agent_key) as person
        from turns
        left join agents on agents.agent_key = turns.agent_key
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

    tenured as (
        select
            started_on,
            wait_s,
            cast(
                months_apart - case
                    when {{ add_months("began_on", "months_apart") }} > replied_on then 1 else 0
                end as bigint
            ) as tenure_months
        from apart
    ),

    sliced as (
        select
            'tenure' as slice_kind,
            cast(tenure_months as {{ dbt.type_string() }}) as slice_value,
            started_on,
            wait_s
        from tenured
        union all
        select 'overall', 'all', started_on, wait_s
        from tenured
        where tenure_months < 3
    ),

    ramp as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            sum(sliced.wait_s) / 3600.0 as wait_h,
            count(*) as first_replies
        from sliced
        inner join period_days on period_days.date_on = sliced.started_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value
    ),

    final as (
        {{ kpi_row("departments", "K80", numerator="departments", n="departments") }}
        union all
        {{
            kpi_row(
                "ramp",
                "K85",
                numerator="wait_h",
                denominator="first_replies",
                n="first_replies",
            )
        }}
    )

select *
from final
