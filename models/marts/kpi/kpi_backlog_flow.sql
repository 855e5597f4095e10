{%- set states = [
    "open_cases",
    "pending_cases",
    "on_hold_cases",
    "unanswered_cases",
    "unassigned_cases",
    "vip_cases",
    "overdue_cases",
    "aged_under_4h",
    "aged_4h_to_1d",
    "aged_1d_to_2d",
    "aged_2d_to_7d",
    "aged_7d_and_over",
] -%}
{%- set flows = ["new_cases", "reopened_cases", "ended_cases"] -%}

with
    -- The running day has no end yet: neither its backlog nor all that came and went is known.
    days as (select * from {{ ref("kpi_backlog_daily") }} where open_cases is not null),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    last_days as (select * from {{ ref("kpi_last_days") }}),

    sliced as ({{ own_slices("days", {"overall": "'all'", "network": "network"}) }}),

    slices as (select distinct slice_kind, slice_value from sliced),

    moved as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            {% for flow in flows %}
                sum(sliced.{{ flow }}) as {{ flow }}{% if not loop.last %},{% endif %}
            {% endfor %}
        from sliced
        inner join period_days on period_days.date_on = sliced.day_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value
    ),

    stood as (
        select
            last_days.period_kind,
            last_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            {% for state in states %}
                sum(sliced.{{ state }}) as {{ state }}{% if not loop.last %},{% endif %}
            {% endfor %}
        from sliced
        inner join last_days on last_days.day_on = sliced.day_on
        group by
            last_days.period_kind, last_days.period_start_on, sliced.slice_kind, sliced.slice_value
    ),

    -- A slice without a row on a day had nothing open.
    opened_with as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            sum(sliced.open_cases) as opening_cases
        from sliced
        inner join
            period_days
            on period_days.date_on = {{ add_days("sliced.day_on", 1) }}
            and period_days.period_start_on = period_days.date_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value
    ),

    final as (
        select
            {{
                surrogate_key(
                    [
                        "last_days.period_kind",
                        "last_days.period_start_on",
                        "slices.slice_kind",
                        "slices.slice_value",
                    ]
                )
            }} as backlog_flow_key,
            last_days.period_kind,
            last_days.period_start_on,
            last_days.day_on as stands_on,
            slices.slice_kind,
            slices.slice_value,
            cast(coalesce(opened_with.opening_cases, 0) as bigint) as opening_cases,
            {% for flow in flows %}
                cast(coalesce(moved.{{ flow }}, 0) as bigint) as {{ flow }},
            {% endfor %}
            {% for state in states %}
                cast(coalesce(stood.{{ state }}, 0) as bigint) as {{ state }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from last_days
        cross join slices
        left join
            moved
            on moved.period_kind = last_days.period_kind
            and moved.period_start_on = last_days.period_start_on
            and moved.slice_kind = slices.slice_kind
            and moved.slice_value = slices.slice_value
        left join
            stood
            on stood.period_kind = last_days.period_kind
            and stood.period_start_on = last_days.period_start_on
            and stood.slice_kind = slices.slice_kind
            and stood.slice_value = slices.slice_value
        left join
            opened_with
            on opened_with.period_kind = last_days.period_kind
            and opened_with.period_start_on = last_days.period_start_on
            and opened_with.slice_kind = slices.slice_kind
            and opened_with.slice_value = slices.slice_value
    )

select *
from final
where opening_cases > 0 or new_cases > 0 or reopened_cases > 0 or ended_cases > 0 or open_cases > 0
