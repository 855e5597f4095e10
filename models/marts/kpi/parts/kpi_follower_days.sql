with
    followers as (select * from {{ ref("fct_followers") }} where followers is not null),

    profiles as (select * from {{ ref("kpi_profile_names") }}),

    dates as (select * from {{ ref("dim_date") }} where day_starts_at < {{ as_of() }}),

    {{ follower_spans("followers", "profiles") }},

    first_days as (
        select profile_key, network, min(valid_from_on) as first_on
        from follower_spans
        group by profile_key, network
    ),

    -- Every day since a profile's first count has a row: one whose count has become too old has no
    -- followers to tell, not those of an earlier day.
    final as (
        select
            {{ surrogate_key(["first_days.profile_key", "dates.date_on"]) }} as follower_day_key,
            first_days.profile_key,

            dates.date_on,

            first_days.network,

            follower_spans.followers
        from first_days
        inner join dates on dates.date_on >= first_days.first_on
        left join
            follower_spans
            on follower_spans.profile_key = first_days.profile_key
            and follower_spans.valid_from_on <= dates.date_on
            and follower_spans.valid_to_on > dates.date_on
    )

select *
from final
