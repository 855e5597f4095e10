with
    snapshots as (select * from {{ ref("int_post_snapshots") }}),

    -- An export without the time of day must not blur a time another export knew.
    timed as (
        select *
        from snapshots
        where posted_at is not null
        qualify row_number() over (partition by post_key order by snapshot_at desc) = 1
    ),

    latest as (
        select *
        from snapshots
        qualify row_number() over (partition by post_key order by snapshot_at desc) = 1
    ),

    named as (
        select
            post_key,
            max_by(profile, snapshot_at) as profile,
            max_by(permalink, snapshot_at) as permalink
        from snapshots
        where profile is not null
        group by post_key
    ),

    seen as (
        select
            post_key,
            min(snapshot_at) as first_seen_at,
            max(snapshot_at) as last_seen_at,
            count(*) as snapshots
        from snapshots
        group by post_key
    ),

    final as (
        select
            latest.post_key,
            latest.source,
            latest.network,
            coalesce(named.profile, latest.profile) as profile,
            latest.natural_post_id,

            timed.posted_at,
            coalesce(timed.posted_on, latest.posted_on) as posted_on,
            seen.first_seen_at,
            seen.last_seen_at,

            latest.post_type,
            coalesce(latest.permalink, named.permalink) as permalink,
            latest.body,

            seen.snapshots
        from latest
        inner join seen on seen.post_key = latest.post_key
        left join timed on timed.post_key = latest.post_key
        left join named on named.post_key = latest.post_key
    )

select *
from final
