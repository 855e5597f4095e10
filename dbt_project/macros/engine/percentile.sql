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

{#- The same of whole seconds. DuckDB keeps every value until the group is done, beside its memory limit; in 32 bits, which
    hold 68 years, they take half the room. -#}
{% macro percentile_of_seconds(expression, fraction) -%}
    {{ return(adapter.dispatch("percentile_of_seconds")(expression, fraction)) }}
{%- endmacro %}
{% macro duckdb__percentile_of_seconds(expression, fraction) -%}
    quantile_cont(cast({{ expression }} as integer), {{ fraction }})
{%- endmacro %}
{% macro spark__percentile_of_seconds(expression, fraction) -%}
    percentile({{ expression }}, {{ fraction }})
{%- endmacro %}
