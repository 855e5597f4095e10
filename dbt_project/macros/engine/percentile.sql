{#- The interpolated percentile (R's type 7) as an aggregate. Spark's `percentile` interpolates, `percentile_approx` does not. -#}
{% macro percentile_cont(expression, fraction) -%}
    {{ return(adapter.dispatch("percentile_cont")(expression, fraction)) }}
{%- endmacro %}
{% macro duckdb__percentile_cont(expression, fraction) -%}
    quantile_cont({{ expression }}, {{ fraction }})
{%- endmacro %}
{% macro spark__percentile_cont(expression, fraction) -%}
    percentile({{ expression }}, {{ fraction }})
{%- endmacro %}
