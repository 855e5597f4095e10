{#- Every match of a pattern taken out. DuckDB replaces the first match only unless told 'g'; Spark always replaces all. -#}
{% macro regex_remove(text, pattern) -%}
    {{ return(adapter.dispatch("regex_remove")(text, pattern)) }}
{%- endmacro %}
{% macro duckdb__regex_remove(text, pattern) -%}
    regexp_replace({{ text }}, {{ pattern }}, '', 'g')
{%- endmacro %}
{% macro spark__regex_remove(text, pattern) -%}
    regexp_replace({{ text }}, {{ pattern }}, '')
{%- endmacro %}
