{#- One KPI as rows of the common shape, from a relation aggregated per period and slice. A KPI is a count (numerator
    alone), a ratio of sums (numerator and denominator), or a value computed from rows (value and n). -#}
{% macro kpi_row(
    relation,
    kpi_id,
    numerator=none,
    denominator=none,
    value=none,
    n=none,
    where=none
) -%}
    select
        period_kind,
        period_start_on,
        '{{ kpi_id }}' as kpi_id,
        slice_kind,
        slice_value,
        cast(
            {% if value %}{{ value }}
            {% elif denominator %}{{ numerator }} * 1.0 / nullif({{ denominator }}, 0)
            {% else %}{{ numerator }}
            {% endif %} as double
        ) as value,
        cast({{ numerator if numerator else "null" }} as double) as numerator,
        cast({{ denominator if denominator else "null" }} as double) as denominator,
        cast({{ n if n else denominator }} as bigint) as n
    from {{ relation }}
    {% if where %} where {{ where }} {% endif %}
{%- endmacro %}
