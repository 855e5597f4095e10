{#- Wall time in a zone from a naive UTC instant, and back. DuckDB reads a naive timestamp as local, so UTC is named
    explicitly. A wall time that does not exist moves forward by the gap; of one that exists twice the earlier is meant,
    where DuckDB alone would take the later. -#}
{% macro utc_to_local(instant, zone) -%}
    {{ return(adapter.dispatch("utc_to_local")(instant, zone)) }}
{%- endmacro %}
{% macro duckdb__utc_to_local(instant, zone) -%}
    timezone({{ zone }}, timezone('UTC', {{ instant }}))
{%- endmacro %}
{% macro spark__utc_to_local(instant, zone) -%}
    from_utc_timestamp({{ instant }}, {{ zone }})
{%- endmacro %}

{% macro local_to_utc(wall_time, zone) -%}
    {{ return(adapter.dispatch("local_to_utc")(wall_time, zone)) }}
{%- endmacro %}
{% macro duckdb__local_to_utc(wall_time, zone) -%}
    case
        when
            timezone(
                {{ zone }},
                timezone({{ zone }}, cast({{ wall_time }} as timestamp)) - interval 1 hour
            )
            = cast({{ wall_time }} as timestamp)
        then
            timezone(
                'UTC', timezone({{ zone }}, cast({{ wall_time }} as timestamp)) - interval 1 hour
            )
        else timezone('UTC', timezone({{ zone }}, cast({{ wall_time }} as timestamp)))
    end
{%- endmacro %}
{% macro spark__local_to_utc(wall_time, zone) -%}
    to_utc_timestamp(cast({{ wall_time }} as timestamp), {{ zone }})
{%- endmacro %}

{% macro local_date(instant, zone) -%}
    cast({{ utc_to_local(instant, zone) }} as date)
{%- endmacro %}
