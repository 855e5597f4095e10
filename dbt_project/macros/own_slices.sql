{#- The rows of a relation once for each slice that is written on the row itself: `kinds` leads from the kind of slice
    to the expression of its value. A row without a value is in no slice of that kind. -#}
{% macro own_slices(relation, kinds) -%}
    {%- for kind, expression in kinds.items() %}
        select '{{ kind }}' as slice_kind, {{ expression }} as slice_value, {{ relation }}.*
        from {{ relation }}
        where {{ expression }} is not null
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
{%- endmacro %}

{#- The word of the slice `vip` for a flag. -#}
{% macro vip_word(is_vip) -%} case when {{ is_vip }} then 'vip' else 'other' end {%- endmacro %}
