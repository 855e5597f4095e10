{#- Texts of a group as one, in their own order, so that the order of rows decides nothing; NULL of none. -#}
{% macro join_texts(expression, separator) -%}
    {{ return(adapter.dispatch("join_texts")(expression, separator)) }}
{%- endmacro %}
{% macro duckdb__join_texts(expression, separator) -%}
    string_agg({{ expression }}, {{ separator }} order by {{ expression }})
{%- endmacro %}
{% macro spark__join_texts(expression, separator) -%}
    listagg({{ expression }}, {{ separator }}) within group (order by {{ expression }})
{%- endmacro %}
