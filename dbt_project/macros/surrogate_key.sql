{#- A key is a hash of (source, natural id …): the same on every engine. A NULL part is told apart from an empty one.
    One `concat` of all parts: a chain of `||` copies what it has so far once a part. -#}
{% macro surrogate_key(parts) -%}
    md5(
        concat(
            {%- for part in parts %}
                coalesce('v' || cast({{ part }} as {{ dbt.type_string() }}), 'n')
                {%- if not loop.last %}, '|', {% endif %}
            {%- endfor %}
        )
    )
{%- endmacro %}
