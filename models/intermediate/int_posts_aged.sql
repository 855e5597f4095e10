with
    snapshots as (select * from {{ ref("int_post_values") }}),

    posts as (select * from {{ ref("int_posts_described") }} where posted_at is not null),

    aged as (
        select
            snapshots.post_key,
            snapshots.snapshot_at,
            {{ seconds_between("posts.posted_at", "snapshots.snapshot_at") }} as age_s,
            snapshots.impressions,
            snapshots.engagement_core
        from snapshots
        inner join posts on posts.post_key = snapshots.post_key
        where snapshots.impressions is not null and snapshots.engagement_core is not null
    ),

    -- Two days old means 36 to 72 hours; a post that nobody looked at then is compared with others
    -- of four weeks and more.
    banded as (
        select
            *,
            case
                when age_s between 129600 and 259200
                then '48_hours'
                when age_s >= 2419200
                then '28_days'
            end as age_band
        from aged
    ),

    final as (
        select {{ all_but("place") }}
        from
            (
                select
                    post_key,
                    age_band,

                    snapshot_at,
                    age_s,

                    impressions,
                    engagement_core,
                    engagement_core / nullif(impressions, 0) as engagement_rate,
                    row_number() over (
                        partition by post_key order by age_band desc, snapshot_at
                    ) as place
                from banded
                where age_band is not null
            )
        where place = 1
    )

select *
from final
