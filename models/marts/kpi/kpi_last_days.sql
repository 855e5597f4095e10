with
    period_days as (select * from {{ ref("kpi_period_days") }}),

    -- A state is shown as of the last day that is over; the running day has no end yet.
    final as (
        select period_kind, period_start_on, max(date_on) as day_on, max(day_ends_at) as day_ends_at
        from period_days
        where day_ends_at <= {{ as_of() }}
        group by period_kind, period_start_on
    )

select *
from final
