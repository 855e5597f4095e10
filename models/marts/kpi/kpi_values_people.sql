with
    sent as (select * from {{ ref("kpi_human_messages") }}),

    events as (select * from {{ ref("fct_conversation_events") }}),

    turns as (
        select *
        from {{ ref("fct_replies") }}
        where is_in_scope and not is_bot_contained and is_first and is_replied
    ),

    agents as (select * from {{ ref("kpi_agent_names") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    {{ acted_teams("sent", "events") }},

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

    {{ tenured_replies("sent", "turns", "agents") }},

    sliced as (
        select
            'tenure' as slice_kind,
            cast(tenure_months as {{ dbt.type_string() }}) as slice_value,
            started_on,
            wait_s
        from tenured_replies
        union all
        select 'overall', 'all', started_on, wait_s
        from tenured_replies
        where tenure_months < 3
    ),

    ramp as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            sum(sliced.wait_s) / 3600 as wait_h,
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
