{#- Exports of Meta say a day's number in four ways: in a column of a copied table, as an insight of the API with the
    instant the day ended, as a kind within such an insight, and in a titled table of one number. -#}
{#- Rows of such an export known at the as-of instant, with the instant they are stamped with. -#}
{% macro stamped_days(relation) -%}
    select
        *,
        {{ snapshot_instant() }} as snapshot_at,
        coalesce(end_time, date) as stamped_at,
        date_is_day or date = cast(cast(date as date) as timestamp) as is_plain_day
    from {{ relation }}
    where {{ is_known_export() }}
{%- endmacro %}

{#- The day of such a row: a day alone, or its midnight, is the network's own; another instant is when it ended. -#}
{% macro stamped_day() -%}
    case
        when metric is null and is_plain_day
        then cast(date as date)
        else {{ day_that_ended_at("stamped_at") }}
    end
{%- endmacro %}

{#- The zone of that day; the network's own days are Pacific. -#}
{% macro stamped_day_zone() -%}
    case
        when metric is null and is_plain_day
        then 'America/Los_Angeles'
        else {{ zone_of_day_that_ended_at("stamped_at") }}
    end
{%- endmacro %}

{#- How many days the number of such a row covers. -#}
{% macro stamped_days_covered() -%}
    case when metric is null then 1 else {{ days_of_period("period") }} end
{%- endmacro %}

{#- The number of a group of such rows: of its column, else of the table whose title matches, else of the insights named
    in `words`, the newer first, else of a kind within an insight. -#}
{% macro number_of_day(column, words, title=none, insight=none, kind=none) -%}
    coalesce(
        max({{ column }})
        {%- if title %}
            ,
            max(
                case
                    when {{ regex_matches("lower(table_title)", "'" ~ title ~ "'") }}
                    then table_value
                end
            )
        {%- endif %}
        {%- for word in words %}
            ,
            max(case when metric = '{{ word }}' then cast({{ try_number("value") }} as bigint) end)
        {%- endfor %}
        {%- if kind %}
            ,
            max(
                case
                    when metric = '{{ insight }}'
                    then cast({{ try_number(json_text("value", "'$." ~ kind ~ "'")) }} as bigint)
                end
            )
        {%- endif %},
        null
    )
{%- endmacro %}
