{#- Every column but some, which are named with commas between them. Spark 4.0 has no `qualify`: the number of a row within
    its group is a column of a subquery that is left out again outside. -#}
{% macro all_but(columns) -%} {{ return(adapter.dispatch("all_but")(columns)) }} {%- endmacro %}
{% macro duckdb__all_but(columns) -%} * exclude ({{ columns }}) {%- endmacro %}
{% macro spark__all_but(columns) -%} * except ({{ columns }}) {%- endmacro %}
