{#- The company's own day of a UTC instant. -#}
{% macro reporting_date(instant) -%}
    {{ local_date(instant, "'" ~ var("reporting_zone") ~ "'") }}
{%- endmacro %}

{#- The UTC instant at which a reporting day begins. -#}
{% macro reporting_day_start(day) -%}
    {{ local_to_utc(day, "'" ~ var("reporting_zone") ~ "'") }}
{%- endmacro %}

{#- The hour of a zone's week of a UTC instant: 0 is Monday from midnight to one, 167 Sunday's last hour. -#}
{% macro local_hour_of_week(instant, zone) -%}
    cast(
        ({{ iso_weekday(local_date(instant, zone)) }} - 1) * 24
        + extract(hour from {{ utc_to_local(instant, zone) }}) as bigint
    )
{%- endmacro %}

{#- The same for the company's own zone. -#}
{% macro hour_of_week(instant) -%}
    {{ local_hour_of_week(instant, "'" ~ var("reporting_zone") ~ "'") }}
{%- endmacro %}

{#- How an hour of the week is printed: `Mon 09:00`. -#}
{% macro hour_of_week_name(hour) -%}
    substr('MonTueWedThuFriSatSun', cast(floor({{ hour }} / 24) as integer) * 3 + 1, 3)
    || ' '
    || lpad(cast({{ hour }} % 24 as {{ dbt.type_string() }}), 2, '0')
    || ':00'
{%- endmacro %}
