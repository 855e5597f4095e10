{#- The company's own day of a UTC instant. -#}
{% macro reporting_date(instant) -%}
    {{ local_date(instant, "'" ~ var("reporting_zone") ~ "'") }}
{%- endmacro %}

{#- The UTC instant at which a reporting day begins. -#}
{% macro reporting_day_start(day) -%}
    {{ local_to_utc(day, "'" ~ var("reporting_zone") ~ "'") }}
{%- endmacro %}
