with
    coverage as (select * from {{ ref("kpi_coverage") }}),

    summed as (
        select
            period_kind,
            period_start_on,
            hour_of_week,
            min(iso_weekday) as iso_weekday,
            min(hour_of_day) as hour_of_day,
            sum(demand_turns) as demand_turns,
            sum(answered_within_1h) as answered_within_1h,
            sum(replies) as replies
        from coverage
        group by period_kind, period_start_on, hour_of_week
    ),

    final as (
        select
            {{ surrogate_key(["period_kind", "period_start_on", "hour_of_week"]) }}
            as coverage_hour_key,
            period_kind,
            period_start_on,
            hour_of_week,
            iso_weekday,
            hour_of_day,
            cast(demand_turns as bigint) as demand_turns,
            cast(answered_within_1h as bigint) as answered_within_1h,
            cast(replies as bigint) as replies,
            answered_within_1h / nullif(demand_turns, 0) as answered_within_1h_share,
            demand_turns > 0 and replies = 0 as is_gap,
            -- The hour in which most people asked and nobody wrote is the first to staff.
            case
                when demand_turns > 0 and replies = 0
                then
                    row_number() over (
                        partition by
                            period_kind,
                            period_start_on,
                            case when demand_turns > 0 and replies = 0 then 1 else 0 end
                        order by demand_turns desc, hour_of_week
                    )
            end as gap_rank
        from summed
    )

select *
from final
