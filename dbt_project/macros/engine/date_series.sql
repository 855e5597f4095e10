{#- A table of consecutive days, both ends included, in a column `day_on`; the ends are scalar expressions. -#}
{% macro date_series(first_day, last_day) -%}
    {{ return(adapter.dispatch("date_series")(first_day, last_day)) }}
{%- endmacro %}
{% macro duckdb__date_series(first_day, last_day) -%}
    (
        select cast(day_at as date) as day_on
        from
            (
                select
                    unnest(
                        generate_series({{ first_day }}, {{ last_day }}, interval 1 day)
                    ) as day_at
            )
    )
{%- endmacro %}
{% macro spark__date_series(first_day, last_day) -%}
    (select explode(sequence({{ first_day }}, {{ last_day }}, interval 1 day)) as day_on)
{%- endmacro %}
