{#- Goes between `as` and the bracket of a step in a long chain of CTEs: computed once, as it stands. Without it DuckDB's
    optimizer looks for filters to push through every step twice, which doubles its time with each: minutes at twenty. -#}
{% macro materialized() -%} {{ return(adapter.dispatch("materialized")()) }} {%- endmacro %}
{% macro duckdb__materialized() -%} materialized {%- endmacro %}
{% macro spark__materialized() -%} {%- endmacro %}
