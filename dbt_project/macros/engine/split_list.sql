{#- One row per part of a separated text, for the select list of a subquery; a NULL text gives no row on DuckDB and Spark. -#}
{% macro split_rows(text, separator) -%}
    {{ return(adapter.dispatch("split_rows")(text, separator)) }}
{%- endmacro %}
{% macro duckdb__split_rows(text, separator) -%}
    unnest(string_split({{ text }}, {{ separator }}))
{%- endmacro %}
{% macro spark__split_rows(text, separator) -%}
    explode(split({{ text }}, concat('[', {{ separator }}, ']')))
{%- endmacro %}
