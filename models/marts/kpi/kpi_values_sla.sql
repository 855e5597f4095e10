with
    promises as (select * from {{ ref("fct_sla") }} where is_in_scope),

    slices as (select * from {{ ref("kpi_conversation_slices") }}),

    agents as (select * from {{ ref("kpi_agent_names") }}),

    periods as (select * from {{ ref("dim_period") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    sliced as (
        select promises.sla_key, slices.slice_kind, slices.slice_value
        from promises
        inner join slices on slices.conversation_key = promises.conversation_key

        union all

        select sla_key, 'team' as slice_kind, team as slice_value
        from promises

        union all

        select
            promises.sla_key,
            'agent' as slice_kind,
            coalesce(agents.agent_name, 'unassigned') as slice_value
        from promises
        left join agents on agents.agent_key = promises.agent_key

        union all

        select sla_key, 'sla_policy' as slice_kind, policy_id as slice_value
        from promises

        union all

        select sla_key, 'sla_metric' as slice_kind, metric as slice_value
        from promises
    ),

    measured as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            count(*) filter (where outcome = 'met') as met,
            count(*) filter (where outcome in ('met', 'breached')) as decided,
            {% for metric in ["first_reply", "next_reply", "resolution"] %}
                count(*) filter (
                    where metric = '{{ metric }}' and outcome = 'met'
                ) as {{ metric }}_met,
                count(*) filter (
                    where metric = '{{ metric }}' and outcome in ('met', 'breached')
                ) as {{ metric }}_decided
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from promises
        inner join sliced on sliced.sla_key = promises.sla_key
        inner join period_days on period_days.date_on = promises.started_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value
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
        group by
            open_breaches.period_kind,
            open_breaches.period_start_on,
            sliced.slice_kind,
            sliced.slice_value
    ),

    final as (
        {{ kpi_row("measured", "K16", numerator="met", denominator="decided") }}
        {% for metric in ["first_reply", "next_reply", "resolution"] %}
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
