{#- Goes between `as` and the bracket of a step in a long chain of CTEs: computed once, as it stands. Without it DuckDB's
    optimizer looks for filters to push through every step twice, which doubles its time with each: minutes at twenty. -#}
{% macro materialized() -%} {{ return(adapter.dispatch("materialized")()) }} {%- endmacro %}
{% macro duckdb__materialized() -%} materialized {%- endmacro %}
{% macro spark__materialized() -%} {%- endmacro %}

{#- The other way about, for a step many times longer than what is read of it each time: DuckDB keeps whatever is read
    twice as a copy in memory, and beyond the memory on disk. -#}
{% macro not_materialized() -%} {{ return(adapter.dispatch("not_materialized")()) }} {%- endmacro %}
{% macro duckdb__not_materialized() -%} not materialized {%- endmacro %}
{% macro spark__not_materialized() -%} {%- endmacro %}
