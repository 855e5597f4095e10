{#- A day and a text such as '09:30' or '24:00' as a wall-clock timestamp; '24:00' is the next midnight, which no cast takes. -#}
{% macro wall_time(day, hours_minutes) -%}
    {{ return(adapter.dispatch("wall_time")(day, hours_minutes)) }}
{%- endmacro %}
{% macro duckdb__wall_time(day, hours_minutes) -%}
    (
        cast({{ day }} as timestamp) + to_minutes(
            60 * cast(split_part({{ hours_minutes }}, ':', 1) as bigint)
            + cast(split_part({{ hours_minutes }}, ':', 2) as bigint)
        )
    )
{%- endmacro %}
{% macro spark__wall_time(day, hours_minutes) -%}
    timestampadd(
        minute,
        60 * cast(split_part({{ hours_minutes }}, ':', 1) as bigint)
        + cast(split_part({{ hours_minutes }}, ':', 2) as bigint),
        cast({{ day }} as timestamp)
    )
{%- endmacro %}

{#- Monday is 1, Sunday 7. Spark's weekday() starts at 0. -#}
{% macro iso_weekday(day) -%} {{ return(adapter.dispatch("iso_weekday")(day)) }} {%- endmacro %}
{% macro duckdb__iso_weekday(day) -%} isodow({{ day }}) {%- endmacro %}
{% macro spark__iso_weekday(day) -%}(weekday({{ day }}) + 1) {%- endmacro %}
