with
    days as (
        select *
        from {{ ref("int_profile_days") }}
        where coalesce(followers, followers_gained, followers_lost) is not null
    ),

    -- Running totals, so that what came and went between two known counts is one subtraction.
    counted as (
        select
            *,
            sum(coalesce(followers_gained, 0)) over (
                partition by profile_key
                order by metric_on
                rows between unbounded preceding and current row
            ) as gained_so_far,
            sum(coalesce(followers_lost, 0)) over (
                partition by profile_key
                order by metric_on
                rows between unbounded preceding and current row
            ) as lost_so_far,
            count(case when followers_lost is not null then followers_gained end) over (
                partition by profile_key
                order by metric_on
                rows between unbounded preceding and current row
            ) as days_so_far
        from days
    ),

    -- Only counts are compared with counts; a day that says what came and went alone is skipped.
    compared as (
        select
            profile_day_key,
            followers,
            metric_on,
            gained_so_far,
            lost_so_far,
            days_so_far,
            lag(followers) over (partition by profile_key order by metric_on) as followers_before,
            lag(metric_on) over (partition by profile_key order by metric_on) as metric_on_before,
            lag(gained_so_far) over (partition by profile_key order by metric_on) as gained_before,
            lag(lost_so_far) over (partition by profile_key order by metric_on) as lost_before,
            lag(days_so_far) over (partition by profile_key order by metric_on) as days_before
        from counted
        where followers is not null
    ),

    final as (
        select
            counted.profile_day_key as follower_day_key,
            counted.profile_key,

            counted.metric_on,
            counted.day_zone,

            counted.network,
            counted.source,

            counted.followers,
            counted.followers_gained,
            counted.followers_lost,
            compared.followers - compared.followers_before as followers_change,
            -- What the network took away or gave without saying so; unknown unless every day since
            -- the count before says what came and went.
            case
                when
                    {{
                        add_days(
                            "compared.metric_on_before",
                            "compared.days_so_far - compared.days_before",
                        )
                    }} = compared.metric_on
                then
                    cast(
                        (compared.followers - compared.followers_before)
                        - (compared.gained_so_far - compared.gained_before)
                        + (compared.lost_so_far - compared.lost_before) as bigint
                    )
            end as unexplained
        from counted
        left join compared on compared.profile_day_key = counted.profile_day_key
    )

select *
from final
