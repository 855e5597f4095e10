{#- A text as a double, NULL when it is none. `dbt.safe_cast` on DuckDB is a plain cast that fails. -#}
{% macro try_number(text) -%} try_cast({{ text }} as double) {%- endmacro %}
