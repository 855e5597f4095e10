{#- The company's own day of a UTC instant. -#}
{% macro reporting_date(instant) -%}
    {{ local_date(instant, "'" ~ var("reporting_zone") ~ "'") }}
{%- endmacro %}

{#- The UTC instant at which a reporting day begins. -#}
{% macro reporting_day_start(day) -%}
    {{ local_to_utc(day, "'" ~ var("reporting_zone") ~ "'") }}
{%- endmacro %}

{#- The hour of the company's week of a UTC instant: 0 is Monday from midnight to one, 167 Sunday's last hour. -#}
{% macro hour_of_week(instant) -%}
    cast(
        ({{ iso_weekday(reporting_date(instant)) }} - 1) * 24 + extract(
            hour from {{ utc_to_local(instant, "'" ~ var("reporting_zone") ~ "'") }}
        ) as bigint
    )
{%- endmacro %}
