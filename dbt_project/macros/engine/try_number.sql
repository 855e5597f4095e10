{#- A text as a double, NULL when it is none. `dbt.safe_cast` on DuckDB is a plain cast that fails. Spark takes Java's `12d`
    for a number and `1_000` for none, DuckDB the other way round. -#}
{% macro try_number(text) -%} {{ return(adapter.dispatch("try_number")(text)) }} {%- endmacro %}
{% macro duckdb__try_number(text) -%} try_cast({{ text }} as double) {%- endmacro %}
{% macro spark__try_number(text) -%}
    try_cast(
        case
            when not {{ text }} rlike '[0-9.][dDfF] *$'
            then regexp_replace({{ text }}, '(?<=[0-9])_(?=[0-9])', '')
        end as double
    )
{%- endmacro %}
