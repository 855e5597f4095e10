{#- Whether a version of a dimension is in force at an instant: from its beginning, included, to its end, excluded. -#}
{% macro in_force(version, instant) -%}
    {{ instant }} >= {{ version }}.valid_from_at
    and {{ instant }} < coalesce({{ version }}.valid_to_at, {{ far_future() }})
{%- endmacro %}
