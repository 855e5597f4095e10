{#- A column of the same cell in an earlier period, NULL where that period has no such cell. Reads the columns of a cell
    and period_number, which counts the periods of a kind. -#}
{% macro periods_ago(column, periods) -%}
    first_value({{ column }}) over (
        partition by period_kind, kpi_id, slice_kind, slice_value
        order by period_number range between {{ periods }} preceding and {{ periods }} preceding
    )
{%- endmacro %}
{% macro a_year_ago(column) -%}
    case
        period_kind
        when 'week'
        then {{ periods_ago(column, 52) }}
        when 'month'
        then {{ periods_ago(column, 12) }}
        else {{ periods_ago(column, 4) }}
    end
{%- endmacro %}
