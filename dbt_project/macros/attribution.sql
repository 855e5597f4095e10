{#- The attribution models, in the order in which they are shown. -#}
{% macro attribution_models() -%}
    {{
        return(
            [
                "last_touch",
                "last_non_direct",
                "first_touch",
                "linear",
                "position_based",
                "time_decay",
                "markov",
                "shapley",
            ]
        )
    }}
{%- endmacro %}

{#- Lookbacks in seconds for which credits are computed: the one in force, and those it is compared with. -#}
{% macro attribution_lookbacks() -%}
    {%- set seconds = [var("attribution_lookback_s")] -%}
    {%- for days in var("attribution_compared_days") -%}
        {%- do seconds.append(days * 86400) -%}
    {%- endfor -%}
    {{ return(seconds | unique | sort) }}
{%- endmacro %}

{#- The same two as rows: `model`, and `lookback_s`. -#}
{% macro attribution_model_rows() -%}
    {%- for model in attribution_models() %}
        select '{{ model }}' as model
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
{%- endmacro %}

{% macro attribution_lookback_rows() -%}
    {%- for seconds in attribution_lookbacks() %}
        select cast({{ seconds }} as bigint) as lookback_s
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
{%- endmacro %}

{#- What the data-driven models tell channels apart by: the channel group, and the network where social sent the visit. -#}
{% macro channel_state(channel_group, network) -%}
    {{ channel_group }} || coalesce(': ' || {{ network }}, '')
{%- endmacro %}

{#- One step of inverting a matrix in place (Gauss-Jordan): `value` of the cells (row_number, column_number) of each
    matrix, with cell (pivot, pivot) as pivot. A matrix without such a cell stays as it is. Windows, not joins: the
    steps are a chain in which each is read once. -#}
{% macro pivoted_cells(relation, matrix, pivot) -%}
    select
        {{ matrix }},
        row_number,
        column_number,
        case
            when pivot_value is null
            then cell
            when row_number = {{ pivot }} and column_number = {{ pivot }}
            then 1.0 / pivot_value
            when row_number = {{ pivot }}
            then cell / pivot_value
            when column_number = {{ pivot }}
            then - cell / pivot_value
            else cell - in_pivot_column * in_pivot_row / pivot_value
        end as cell
    from
        (
            select
                *,
                max(case when column_number = {{ pivot }} then cell end) over (
                    partition by {{ matrix }}, row_number
                ) as in_pivot_column,
                max(case when row_number = {{ pivot }} then cell end) over (
                    partition by {{ matrix }}, column_number
                ) as in_pivot_row,
                max(
                    case when row_number = {{ pivot }} and column_number = {{ pivot }} then cell end
                ) over (partition by {{ matrix }}) as pivot_value
            from {{ relation }}
        ) as step_{{ pivot }}
{%- endmacro %}
