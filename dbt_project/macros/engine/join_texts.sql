{#- Texts of a group as one, in the order of `order_by`, else their own, so that the order of rows decides nothing; NULL of
    none. -#}
{% macro join_texts(expression, separator, order_by=none) -%}
    {{ return(adapter.dispatch("join_texts")(expression, separator, order_by or expression)) }}
{%- endmacro %}
{% macro duckdb__join_texts(expression, separator, order_by) -%}
    string_agg({{ expression }}, {{ separator }} order by {{ order_by }})
{%- endmacro %}
{% macro spark__join_texts(expression, separator, order_by) -%}
    listagg({{ expression }}, {{ separator }}) within group (order by {{ order_by }})
{%- endmacro %}
