with
    dates as (select * from {{ ref("dim_date") }}),

    days as (
        select
            'week' as period_kind,
            week_start_on as period_start_on,
            date_on,
            day_starts_at,
            day_ends_at
        from dates
        union all
        select 'month', month_start_on, date_on, day_starts_at, day_ends_at
        from dates
        union all
        select 'quarter', quarter_start_on, date_on, day_starts_at, day_ends_at
        from dates
    ),

    final as (
        select
            {{ surrogate_key(["period_kind", "period_start_on"]) }} as period_key,
            period_kind,
            period_start_on,
            case
                when period_kind = 'week'
                then {{ add_days("period_start_on", 6) }}
                when period_kind = 'month'
                then {{ add_days(add_months("period_start_on", 1), -1) }}
                else {{ add_days(add_months("period_start_on", 3), -1) }}
            end as period_end_on,
            min(day_starts_at) as period_starts_at,
            max(day_ends_at) as period_ends_at,
            min(day_ends_at) <= {{ as_of() }} as has_completed_day,
            max(day_ends_at) <= {{ as_of() }} as is_complete
        from days
        group by period_kind, period_start_on
        having min(day_starts_at) < {{ as_of() }}
    )

select *
from final
