with
    snapshots as (select * from {{ ref("int_post_snapshots") }}),

    posts as (select * from {{ ref("int_posts_described") }}),

    -- The posts of a profile in order of publication, as one source knows them.
    known as (
        select distinct
            snapshots.source,
            posts.profile_key,
            posts.post_key,
            posts.last_seen_at,
            coalesce(posts.posted_at, cast(posts.posted_on as timestamp)) as posted_at,
            posts.natural_post_id
        from snapshots
        inner join posts on posts.post_key = snapshots.post_key
    ),

    numbered as (
        select
            *,
            row_number() over (
                partition by source, profile_key
                order by posted_at, length(natural_post_id), natural_post_id
            ) as number
        from known
    ),

    exported as (
        select
            numbered.source,
            numbered.profile_key,
            numbered.number,
            snapshots.snapshot_at,
            lag(numbered.number) over (
                partition by numbered.source, numbered.profile_key, snapshots.snapshot_at
                order by numbered.number
            ) as number_before,
            count(*) over (
                partition by numbered.source, numbered.profile_key, snapshots.snapshot_at
            ) as posts
        from snapshots
        inner join
            numbered
            on numbered.source = snapshots.source
            and numbered.post_key = snapshots.post_key
    ),

    -- An export that leaves out more than three in a row covers another time, and one of 500 posts
    -- is cut off where YouTube Studio cuts tables off: they say nothing.
    gaps as (
        select source, profile_key, number_before, number, snapshot_at
        from exported
        where number - number_before between 2 and 4 and posts <> 500
    ),

    final as (
        select numbered.post_key, min(gaps.snapshot_at) as missed_at
        from gaps
        inner join
            numbered
            on numbered.source = gaps.source
            and numbered.profile_key = gaps.profile_key
            and numbered.number > gaps.number_before
            and numbered.number < gaps.number
        where gaps.snapshot_at > numbered.last_seen_at
        group by numbered.post_key
    )

select *
from final
