{#- A bound of Wilson's 95 % interval of a share (E. B. Wilson, 1927): side -1 is the lower, 1 the upper. Unlike the
    plain interval it stays between 0 and 1 and holds for few cases: 8 of 10 is 49 to 94 %. -#}
{% macro wilson_bound(successes, n, side) -%}
    (
        {{ successes }}
        + 1.9208
        + {{ side }}
        * 1.96
        * sqrt({{ successes }} * ({{ n }} - {{ successes }}) / nullif({{ n }}, 0) + 0.9604)
    )
    / nullif({{ n }} + 3.8416, 0)
{%- endmacro %}
