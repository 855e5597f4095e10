{%- set metrics = ["first_reply", "next_reply", "resolution"] -%}

with
    promises as (select * from {{ ref("fct_sla") }} where is_in_scope),

    slices as (select * from {{ ref("kpi_conversation_slices") }}),

    agents as (select * from {{ ref("kpi_agent_names") }}),

    periods as (select * from {{ ref("dim_period") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    named as (
        select promises.*, coalesce(agents.agent_name, 'unassigned') as agent
        from promises
        left join agents on agents.agent_key = promises.agent_key
    ),

    sliced as (
        select
            slices.slice_kind,
            slices.slice_value,
            named.sla_key,
            named.started_on,
            named.metric,
            named.outcome,
            named.breached_at
        from named
        inner join slices on slices.conversation_key = named.conversation_key

        union all

        select slice_kind, slice_value, sla_key, started_on, metric, outcome, breached_at
        from
            (
                {{
                    own_slices(
                        "named",
                        {
                            "team": "team",
                            "agent": "agent",
                            "sla_policy": "policy_id",
                            "sla_metric": "metric",
                        },
                    )
                }}
            ) as own
    ),

    -- By day first: a day is of a week, a month and a quarter.
    measured_a_day as (
        select
            started_on,
            slice_kind,
            slice_value,
            count(*) filter (where outcome = 'met') as met,
            count(*) filter (where outcome in ('met', 'breached')) as decided
            {%- for metric in metrics %}
                ,
                count(*) filter (
                    where metric = '{{ metric }}' and outcome = 'met'
                ) as {{ metric }}_met,
                count(*) filter (
                    where metric = '{{ metric }}' and outcome in ('met', 'breached')
                ) as {{ metric }}_decided
            {%- endfor %}
        from sliced
        group by started_on, slice_kind, slice_value
    ),

    measured as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            measured_a_day.slice_kind,
            measured_a_day.slice_value,
            sum(measured_a_day.met) as met,
            sum(measured_a_day.decided) as decided
            {%- for metric in metrics %}
                ,
                sum(measured_a_day.{{ metric }}_met) as {{ metric }}_met,
                sum(measured_a_day.{{ metric }}_decided) as {{ metric }}_decided
            {%- endfor %}
        from measured_a_day
        inner join period_days on period_days.date_on = measured_a_day.started_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            measured_a_day.slice_kind,
            measured_a_day.slice_value
    ),

    -- A state: broken and still open when the period ended; of the running one, now.
    states as (
        select period_kind, period_start_on, least(period_ends_at, {{ as_of() }}) as state_at
        from periods
        where {{ reporting_day_start("period_start_on") }} < {{ as_of() }}
    ),

    open_breaches as (
        select states.period_kind, states.period_start_on, promises.sla_key
        from promises
        inner join
            states
            on promises.breached_at <= states.state_at
            and coalesce(promises.ended_at, {{ far_future() }}) > states.state_at
    ),

    broken as (
        select
            open_breaches.period_kind,
            open_breaches.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            count(*) as open_breaches
        from open_breaches
        inner join sliced on sliced.sla_key = open_breaches.sla_key
        where sliced.breached_at is not null
        group by
            open_breaches.period_kind,
            open_breaches.period_start_on,
            sliced.slice_kind,
            sliced.slice_value
    ),

    final as (
        {{ kpi_row("measured", "K16", numerator="met", denominator="decided") }}
        {% for metric in metrics %}
            union all
            {{
                kpi_row(
                    "measured",
                    "K16_" ~ metric,
                    numerator=metric ~ "_met",
                    denominator=metric ~ "_decided",
                    where=metric ~ "_decided > 0",
                )
            }}
        {% endfor %}
        union all
        {{ kpi_row("broken", "K16_open_breaches", numerator="open_breaches", n="open_breaches") }}
    )

select *
from final
