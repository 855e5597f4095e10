{#- Business time is the difference of two readings of a calendar's clock, which runs while the calendar is open. A reading
    is in microseconds, so that a wait is rounded once. Each end of a wait is one join, on equal calendar and day:

        left join clock as start_clock on {{ business_clock_at("start_clock", "calendar_id", "started_at") }}
        left join clock as end_clock on {{ business_clock_at("end_clock", "calendar_id", "ended_at") }}

        {{ business_seconds_between("start_clock", "started_at", "end_clock", "ended_at") }} as wait_business_s -#}
{% macro business_clock_at(clock, calendar_id, instant) -%}
    {{ clock }}.calendar_id = {{ calendar_id }}
    and {{ clock }}.day_on = cast({{ instant }} as date)
    and {{ clock }}.begins_at <= {{ instant }}
    and {{ clock }}.ends_at > {{ instant }}
{%- endmacro %}

{#- What a calendar's clock reads at an instant, in microseconds. -#}
{% macro business_reading(clock, instant) -%}
    (
        {{ clock }}.open_before_s * 1000000 + case
            when {{ clock }}.is_open
            then {{ microseconds_between(clock ~ ".begins_at", instant) }}
            else 0
        end
    )
{%- endmacro %}

{#- Microseconds, none of them negative, as whole seconds, rounded down. -#}
{% macro whole_seconds(microseconds) -%}
    cast(floor(({{ microseconds }}) / 1000000.0) as bigint)
{%- endmacro %}

{#- Whole open seconds between two instants that were joined to the clock. -#}
{% macro business_seconds_between(earlier_clock, earlier, later_clock, later) -%}
    {{
        whole_seconds(
            business_reading(later_clock, later)
            ~ " - "
            ~ business_reading(earlier_clock, earlier)
        )
    }}
{%- endmacro %}

{#- The way back: the instant at which a clock first shows a reading, from int_business_clock_inverted. One join too:
    readings are counted in lots of a day, and a lot holds a handful of openings. -#}
{% macro business_reading_lot(reading) -%}
    cast(floor(({{ reading }} - 1) / 86400000000.0) as bigint)
{%- endmacro %}

{% macro business_reading_at(inverted, calendar_id, reading) -%}
    {{ inverted }}.calendar_id = {{ calendar_id }}
    and {{ inverted }}.lot_number = {{ business_reading_lot(reading) }}
    and {{ inverted }}.open_before_s * 1000000 < {{ reading }}
    and {{ inverted }}.open_after_s * 1000000 >= {{ reading }}
{%- endmacro %}

{% macro business_instant(inverted, reading) -%}
    {{
        add_microseconds(
            inverted ~ ".begins_at", reading ~ " - " ~ inverted ~ ".open_before_s * 1000000"
        )
    }}
{%- endmacro %}

{#- The days for which clocks are made: all that waits begin or end on, and a horizon beyond them and the as-of, within
    which the deadlines of what is open lie. An as-of in the past leaves the messages after it in place. -#}
{% macro business_days(turns) -%}
    {%- set first_on = add_days(
        "cast(coalesce((select min(started_at) from "
        ~ turns
        ~ "), "
        ~ as_of()
        ~ ") as date)",
        -3,
    ) -%}
    {%- set last_on = add_days(
        "cast(greatest(coalesce((select max(coalesce(replied_at, started_at)) from "
        ~ turns
        ~ "), "
        ~ as_of()
        ~ "), "
        ~ as_of()
        ~ ") as date)",
        var("business_horizon_days"),
    ) -%}
    {{ date_series(first_on, last_on) }}
{%- endmacro %}
