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
    {#- Read with the offset of the day before: where that gives the wall time back it is the earlier instant, by
        whatever the clocks were moved; Lord Howe moves them by half an hour. -#}
    {%- set wall = "cast(" ~ wall_time ~ " as timestamp)" -%}
    {%- set later = "timezone(" ~ zone ~ ", " ~ wall ~ ")" -%}
    {%- set day_before = later ~ " - interval 24 hours" -%}
    {%- set offset = (
        "(timezone("
        ~ zone
        ~ ", "
        ~ day_before
        ~ ") - timezone('UTC', "
        ~ day_before
        ~ "))"
    ) -%}
    {%- set earlier = wall ~ " - " ~ offset -%}
    case
        when timezone({{ zone }}, timezone('UTC', {{ earlier }})) = {{ wall }}
        then {{ earlier }}
        else timezone('UTC', {{ later }})
    end
{%- endmacro %}
{% macro spark__local_to_utc(wall_time, zone) -%}
    to_utc_timestamp(cast({{ wall_time }} as timestamp), {{ zone }})
{%- endmacro %}

{% macro local_date(instant, zone) -%}
    cast({{ utc_to_local(instant, zone) }} as date)
{%- endmacro %}
