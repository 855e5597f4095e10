{#- A key is a hash of (source, natural id …): the same on every engine. A NULL part is told apart from an empty one. -#}
{% macro surrogate_key(parts) -%}
    md5(
        {%- for part in parts %}
            coalesce('v' || cast({{ part }} as {{ dbt.type_string() }}), 'n')
            {%- if not loop.last %} || '|' || {% endif %}
        {%- endfor %}
    )
{%- endmacro %}
