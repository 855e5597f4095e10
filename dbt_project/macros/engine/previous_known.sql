{#- The latest value before this row that is not NULL. The engines write IGNORE NULLS in different places. -#}
{% macro previous_known(expression, partition_by, order_by) -%}
    {{ return(adapter.dispatch("previous_known")(expression, partition_by, order_by)) }}
{%- endmacro %}
{% macro duckdb__previous_known(expression, partition_by, order_by) -%}
    last_value({{ expression }} ignore nulls) over (
        partition by {{ partition_by }}
        order by {{ order_by }}
        rows between unbounded preceding and 1 preceding
    )
{%- endmacro %}
{% macro spark__previous_known(expression, partition_by, order_by) -%}
    last_value({{ expression }}, true) over (
        partition by {{ partition_by }}
        order by {{ order_by }}
        rows between unbounded preceding and 1 preceding
    )
{%- endmacro %}
