with
    posts as (select * from {{ ref("int_posts_described") }}),

    deleted as (select * from {{ ref("int_posts_deleted") }}),

    profiles as (select * from {{ ref("int_profiles") }}),

    calendars as (select * from {{ ref("business_calendars") }}),

    final as (
        select
            posts.post_key,
            posts.profile_key,
            posts.natural_post_id,

            posts.posted_at,
            posts.posted_on,
            case
                when posts.posted_at is not null
                then {{ local_hour_of_week("posts.posted_at", "coalesce(calendars.zone, 'UTC')") }}
            end as local_hour_of_week,
            posts.first_seen_at,
            posts.last_seen_at,

            posts.network,
            posts.profile_id as profile,
            coalesce(profiles.product, 'untagged') as product,
            posts.publisher,
            posts.campaign,

            posts.post_type,
            posts.permalink,
            posts.is_boosted,
            deleted.post_key is not null as is_deleted,

            posts.snapshots
        from posts
        left join deleted on deleted.post_key = posts.post_key
        left join profiles on profiles.profile_key = posts.profile_key
        left join calendars on calendars.calendar_id = profiles.calendar_id
    )

select *
from final
