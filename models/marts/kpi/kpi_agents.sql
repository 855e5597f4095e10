{%- set measures = {
    "replies": ("K46_replies", "value"),
    "conversations_answered": ("K46_handled", "value"),
    "conversations_closed": ("K46_closed", "value"),
    "first_replies": ("K04", "n"),
    "first_reply_mean_h": ("K04", "value"),
    "first_reply_median_h": ("K05", "value"),
    "first_replies_within_4h": ("K07", "value"),
    "reply_mean_h": ("K12", "value"),
    "quick_reply_share": ("K40", "value"),
    "handle_mean_min": ("K34", "value"),
    "concurrency": ("K34_concurrency", "value"),
    "first_contact_resolution": ("K26", "value"),
    "csat_answers": ("K43", "n"),
    "csat": ("K43", "value"),
    "csat_low": ("K43", "value_low"),
    "csat_high": ("K43", "value_high"),
} -%}
{%- set counts = [
    "replies",
    "conversations_answered",
    "conversations_closed",
    "first_replies",
    "csat_answers",
] -%}

with
    cells as (select * from {{ ref("kpi_scorecard") }} where slice_kind = 'agent'),

    agents as (select * from {{ ref("kpi_agent_names") }}),

    teams as (select agent_name, min(team) as team from agents group by agent_name),

    -- The scorecard's cells side by side: nothing is computed a second time here.
    laid_out as (
        select
            period_kind,
            period_start_on,
            period_end_on,
            slice_value as agent_name,
            {% for column, (kpi_id, measure) in measures.items() %}
                max(case when kpi_id = '{{ kpi_id }}' then {{ measure }} end) as {{ column }},
            {% endfor %}
            max(as_of_at) as as_of_at
        from cells
        group by period_kind, period_start_on, period_end_on, slice_value
    ),

    -- Below thirty first replies a rank would be luck.
    ranked as (
        select
            period_kind,
            period_start_on,
            agent_name,
            rank() over (
                partition by period_kind, period_start_on order by first_reply_mean_h
            ) as speed_rank
        from laid_out
        where first_replies >= 30 and agent_name <> 'unassigned'
    ),

    final as (
        select
            {{
                surrogate_key(
                    ["laid_out.period_kind", "laid_out.period_start_on", "laid_out.agent_name"]
                )
            }} as agent_period_key,
            laid_out.period_kind,
            laid_out.period_start_on,
            laid_out.period_end_on,
            laid_out.agent_name,
            coalesce(teams.team, 'unassigned') as current_team,
            {% for column in measures %}
                {% if column in counts -%}
                    cast(coalesce(laid_out.{{ column }}, 0) as bigint) as {{ column }},
                {%- else -%} laid_out.{{ column }},
                {%- endif %}
            {% endfor %}
            ranked.speed_rank,
            laid_out.as_of_at
        from laid_out
        left join teams on teams.agent_name = laid_out.agent_name
        left join
            ranked
            on ranked.period_kind = laid_out.period_kind
            and ranked.period_start_on = laid_out.period_start_on
            and ranked.agent_name = laid_out.agent_name
    )

select *
from final
