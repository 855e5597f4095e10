{#- One KPI as rows of the common shape, from a relation aggregated per period and slice. A KPI is a count (numerator
    alone), a ratio of sums (numerator and denominator), or a value computed from rows (value and n). Where sampling
    error matters, low and high are the bounds of its 95 % interval. -#}
{% macro kpi_row(
    relation,
    kpi_id,
    numerator=none,
    denominator=none,
    value=none,
    n=none,
    low=none,
    high=none,
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
            {% elif denominator %}{{ numerator }} / nullif({{ denominator }}, 0)
            {% else %}{{ numerator }}
            {% endif %} as double
        ) as value,
        cast({{ numerator if numerator else "null" }} as double) as numerator,
        cast({{ denominator if denominator else "null" }} as double) as denominator,
        cast({{ n if n else denominator }} as bigint) as n,
        cast({{ low if low else "null" }} as double) as value_low,
        cast({{ high if high else "null" }} as double) as value_high
    from {{ relation }}
    {% if where %} where {{ where }} {% endif %}
{%- endmacro %}

{#- Several KPIs of one relation, one after the other: each a dictionary of `kpi_row`'s arguments and its id. -#}
{% macro kpi_rows(relation, kpis) -%}
    {%- for kpi in kpis %}
        {{
            kpi_row(
                relation,
                kpi.id,
                numerator=kpi.numerator,
                denominator=kpi.denominator,
                value=kpi.value,
                n=kpi.n,
                low=kpi.low,
                high=kpi.high,
                where=kpi.where,
            )
        }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
{%- endmacro %}
