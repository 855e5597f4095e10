with
    replies as (select * from {{ ref("fct_replies") }} where is_in_scope),

    slices as (select * from {{ ref("kpi_turn_slices") }}),

    last_days as (select * from {{ ref("kpi_last_days") }}),

    happened as (
        select
            turn_key,
            started_on as day_on,
            {{ hour_of_week("started_at") }} as hour_of_week,
            1 as demand,
            0 as replies
        from replies

        union all

        select
            turn_key,
            replied_on as day_on,
            {{ hour_of_week("replied_at") }} as hour_of_week,
            0 as demand,
            1 as replies
        from replies
        where is_replied and not is_bot_contained
    ),

    hours as (
        select
            slices.slice_kind,
            slices.slice_value,
            happened.day_on,
            happened.hour_of_week,
            max(happened.demand) as demand,
            max(happened.replies) as replies
        from happened
        inner join slices on slices.turn_key = happened.turn_key
        group by slices.slice_kind, slices.slice_value, happened.day_on, happened.hour_of_week
    ),

    -- The 28 days that end with the period's last completed day: every hour of the week four times.
    found as (
        select
            last_days.period_kind,
            last_days.period_start_on,
            hours.slice_kind,
            hours.slice_value,
            hours.hour_of_week,
            max(hours.demand) as demand,
            max(hours.replies) as replies
        from last_days
        inner join
            hours
            on hours.day_on <= last_days.day_on
            and hours.day_on > {{ add_days("last_days.day_on", -28) }}
        -- Only quarters show coverage.
        where last_days.period_kind = 'quarter'
        group by
            last_days.period_kind,
            last_days.period_start_on,
            hours.slice_kind,
            hours.slice_value,
            hours.hour_of_week
    ),

    counted as (
        select
            period_kind,
            period_start_on,
            slice_kind,
            slice_value,
            168 as hours_of_week,
            sum(replies) as hours_with_replies,
            sum(demand) as hours_with_demand,
            sum(demand * replies) as hours_served
        from found
        group by period_kind, period_start_on, slice_kind, slice_value
    ),

    final as (
        {{
            kpi_rows(
                "counted",
                [
                    {
                        "id": "K18",
                        "numerator": "hours_with_replies",
                        "denominator": "hours_of_week",
                    },
                    {
                        "id": "K18_demand",
                        "numerator": "hours_served",
                        "denominator": "hours_with_demand",
                    },
                ],
            )
        }}
    )

select *
from final
