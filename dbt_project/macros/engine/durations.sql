{#- Seconds on the clock between two instants. `date_diff` counts boundaries crossed; the difference of epochs does not.
    Not DuckDB's integer division: sqlfmt takes its two slashes for a comment. -#}
{% macro seconds_between(earlier, later) -%}
    {{ return(adapter.dispatch("seconds_between")(earlier, later)) }}
{%- endmacro %}
{% macro duckdb__seconds_between(earlier, later) -%}
    cast(trunc((epoch_us({{ later }}) - epoch_us({{ earlier }})) / 1000000) as bigint)
{%- endmacro %}
{% macro spark__seconds_between(earlier, later) -%}
    ((unix_micros({{ later }}) - unix_micros({{ earlier }})) div 1000000)
{%- endmacro %}

{#- An instant moved by a number of seconds; the number may be a column. -#}
{% macro add_seconds(instant, seconds) -%}
    {{ return(adapter.dispatch("add_seconds")(instant, seconds)) }}
{%- endmacro %}
{% macro duckdb__add_seconds(instant, seconds) -%}
    ({{ instant }} + to_seconds(cast({{ seconds }} as bigint)))
{%- endmacro %}
{% macro spark__add_seconds(instant, seconds) -%}
    timestampadd(second, {{ seconds }}, {{ instant }})
{%- endmacro %}

{#- The same two in millionths of a second, for sums that are rounded once, at the end. -#}
{% macro microseconds_between(earlier, later) -%}
    {{ return(adapter.dispatch("microseconds_between")(earlier, later)) }}
{%- endmacro %}
{% macro duckdb__microseconds_between(earlier, later) -%}
    (epoch_us({{ later }}) - epoch_us({{ earlier }}))
{%- endmacro %}
{% macro spark__microseconds_between(earlier, later) -%}
    (unix_micros({{ later }}) - unix_micros({{ earlier }}))
{%- endmacro %}

{% macro add_microseconds(instant, microseconds) -%}
    {{ return(adapter.dispatch("add_microseconds")(instant, microseconds)) }}
{%- endmacro %}
{% macro duckdb__add_microseconds(instant, microseconds) -%}
    ({{ instant }} + to_microseconds(cast({{ microseconds }} as bigint)))
{%- endmacro %}
{% macro spark__add_microseconds(instant, microseconds) -%}
    timestampadd(microsecond, {{ microseconds }}, {{ instant }})
{%- endmacro %}

{#- A date moved by whole days; the result is a date on every engine. -#}
{% macro add_days(day, days) -%}
    {{ return(adapter.dispatch("add_days")(day, days)) }}
{%- endmacro %}
{% macro duckdb__add_days(day, days) -%}
    cast({{ day }} + cast({{ days }} as integer) as date)
{%- endmacro %}
{% macro spark__add_days(day, days) -%} date_add({{ day }}, cast({{ days }} as int)) {%- endmacro %}

{#- A date moved by whole months. -#}
{% macro add_months(day, months) -%}
    {{ return(adapter.dispatch("add_months")(day, months)) }}
{%- endmacro %}
{% macro duckdb__add_months(day, months) -%}
    cast({{ day }} + to_months(cast({{ months }} as integer)) as date)
{%- endmacro %}
{% macro spark__add_months(day, months) -%}
    add_months({{ day }}, cast({{ months }} as int))
{%- endmacro %}
