{#- A sum of fractions that does not depend on the order of its rows: adding doubles does, adding decimals does not. -#}
{% macro exact_sum(expression, where=none) -%}
    cast(
        sum(cast({{ expression }} as decimal(38, 12)))
        {%- if where %} filter (where {{ where }}){% endif %} as double
    )
{%- endmacro %}
