with
    days as (
        select day_on as date_on
        from
            {{
                date_series(
                    "cast('" ~ var("date_dimension_starts_on") ~ "' as date)",
                    add_days("cast(" ~ as_of() ~ " as date)", 400),
                )
            }} as series
    ),

    final as (
        select
            date_on,

            {{ reporting_day_start("date_on") }} as day_starts_at,
            {{ reporting_day_start(add_days("date_on", 1)) }} as day_ends_at,

            {{ week_start("date_on") }} as week_start_on,
            {{ month_start("date_on") }} as month_start_on,
            {{ quarter_start("date_on") }} as quarter_start_on,
            cast(extract(year from date_on) as integer) as calendar_year,
            cast(extract(month from date_on) as integer) as calendar_month,
            -- The ISO year is that of the week's Thursday.
            cast(
                extract(
                    year from {{ add_days("date_on", "4 - " ~ iso_weekday("date_on")) }}
                ) as integer
            ) as iso_year,
            cast(extract(week from date_on) as integer) as iso_week,
            cast({{ iso_weekday("date_on") }} as integer) as iso_weekday,
            -- A fiscal year is named for the calendar year it ends in.
            cast(
                extract(
                    year
                    from {{ add_months("date_on", (13 - var("fiscal_year_start_month")) % 12) }}
                ) as integer
            ) as fiscal_year,
            cast(floor({{ fiscal_month_number("date_on") }} / 3) + 1 as integer) as fiscal_quarter
        from days
    )

select *
from final
