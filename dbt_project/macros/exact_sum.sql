{#- A sum of fractions that does not depend on the order of its rows: adding doubles does, adding decimals does not. Shares
    such as a third need more digits than money, or a million of them miss the whole by a millionth. -#}
{% macro exact_sum(expression, where=none, digits=12) -%}
    cast(
        sum(cast({{ expression }} as decimal(38, {{ digits }})))
        {%- if where %} filter (where {{ where }}){% endif %} as double
    )
{%- endmacro %}
