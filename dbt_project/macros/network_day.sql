{#- Networks stamp a day's number with the instant the day ended, midnight of wherever the day is counted: 07:00 and 08:00
    UTC on the Pacific coast, 22:00 and 23:00 in Berlin, which is the day before. The stamp says the day and where it was;
    no zone is assumed. Midnight comes at 11:00 UTC or later only east of Greenwich. -#}
{% macro day_that_ended_at(instant) -%}
    case
        when extract(hour from {{ instant }}) < 11
        then {{ add_days("cast(" ~ instant ~ " as date)", "-1") }}
        else cast({{ instant }} as date)
    end
{%- endmacro %}

{#- The zone of such a day: Pacific where it was midnight there, else a zone of whole hours, NULL for one of half hours. -#}
{% macro zone_of_day_that_ended_at(instant) -%}
    {%- set hour = "cast(extract(hour from " ~ instant ~ ") as integer)" -%}
    {%- set text = dbt.type_string() -%}
    case
        when extract(minute from {{ instant }}) <> 0
        then null
        when {{ hour }} = 0
        then 'UTC'
        when extract(hour from {{ utc_to_local(instant, "'America/Los_Angeles'") }}) = 0
        then 'America/Los_Angeles'
        when {{ hour }} < 11
        then 'Etc/GMT+' || cast({{ hour }} as {{ text }})
        else 'Etc/GMT-' || cast(24 - {{ hour }} as {{ text }})
    end
{%- endmacro %}

{#- How many days the number of a period of the insights APIs covers; NULL for other periods. A lifetime number of a
    profile is the number at the end of a day. -#}
{% macro days_of_period(period) -%}
    case
        {{ period }}
        when 'day'
        then 1
        when 'lifetime'
        then 1
        when 'week'
        then 7
        when 'days_28'
        then 28
    end
{%- endmacro %}
