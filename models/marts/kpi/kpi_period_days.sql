with
    periods as (select * from {{ ref("dim_period") }}),

    dates as (select * from {{ ref("dim_date") }}),

    final as (
        select
            {{ surrogate_key(["periods.period_kind", "dates.date_on"]) }} as period_day_key,
            periods.period_kind,
            periods.period_start_on,
            dates.date_on,
            dates.day_ends_at
        from periods
        inner join
            dates
            on dates.date_on >= periods.period_start_on
            and dates.date_on <= periods.period_end_on
        where dates.day_starts_at < {{ as_of() }}
    )

select *
from final
