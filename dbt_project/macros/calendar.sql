{#- The first day of the week, month or fiscal quarter that a day lies in. -#}
{% macro week_start(day) -%}
    {%- if var("week_start") == "monday" -%} {{ add_days(day, "1 - " ~ iso_weekday(day)) }}
    {%- elif var("week_start") == "sunday" -%}
        {{ add_days(day, "0 - " ~ iso_weekday(day) ~ " % 7") }}
    {%- else -%}
        {{
            exceptions.raise_compiler_error(
                "week_start must be monday or sunday, found " ~ var("week_start")
            )
        }}
    {%- endif -%}
{%- endmacro %}

{% macro month_start(day) -%} cast(date_trunc('month', {{ day }}) as date) {%- endmacro %}

{% macro fiscal_month_number(day) -%}
    cast(
        (extract(month from {{ day }}) + 12 - {{ var("fiscal_year_start_month") }}) % 12 as integer
    )
{%- endmacro %}

{% macro quarter_start(day) -%}
    {{ add_months(month_start(day), "0 - " ~ fiscal_month_number(day) ~ " % 3") }}
{%- endmacro %}

{#- The first day of the same period a year later: 52 weeks, 12 months or 4 quarters, as the scorecard compares. -#}
{% macro year_later(period_kind, period_start) -%}
    case
        when {{ period_kind }} = 'week'
        then {{ add_days(period_start, 364) }}
        else {{ add_months(period_start, 12) }}
    end
{%- endmacro %}

{#- Whole days from one day to a later one. -#}
{% macro days_between(earlier, later) -%}
    cast(
        {{
            seconds_between(
                "cast(" ~ earlier ~ " as timestamp)", "cast(" ~ later ~ " as timestamp)"
            )
        }} / 86400 as bigint
    )
{%- endmacro %}
