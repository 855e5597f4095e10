with
    exported as (select * from {{ source("linkedin", "posts") }}),

    -- Statistics of a span of time are no lifetime numbers.
    known as (
        select
            *,
            {{ snapshot_instant() }} as snapshot_at,
            coalesce(
                share, ugc_post, {{ regex_group("link", "'(urn:li:[A-Za-z]+:[0-9]+)'") }}, link
            ) as natural_post_id
        from exported
        where
            {{ is_known_export() }}
            and span_start is null
            and coalesce(created_on <= cast({{ as_of() }} as date), true)
    ),

    deduplicated as (
        select *
        from known
        qualify
            row_number() over (
                partition by natural_post_id, snapshot_at order by {{ latest_version_first() }}
            )
            = 1
    ),

    -- What the post is does not change: an export that leaves it out is told by another.
    described as (
        select
            natural_post_id,
            max(coalesce({{ regex_group("organisation", "'([0-9]+)$'") }}, page_folder)) as page_id,
            max(created_on) as created_on,
            min(snapshot_at) as first_seen_at
        from known
        group by natural_post_id
    ),

    final as (
        select
            {{ surrogate_key(["posts.natural_post_id", "posts.snapshot_at"]) }}
            as post_snapshot_key,
            posts.natural_post_id,
            coalesce(described.page_id, 'linkedin') as page_id,

            posts.snapshot_at,
            coalesce(described.created_on, cast(described.first_seen_at as date)) as posted_on,

            lower(coalesce(posts.content_type, posts.post_type)) as post_type,
            posts.link as permalink,
            posts.title as body,
            posts.campaign,
            lower(posts.post_type) = 'sponsored' as is_boosted,

            coalesce(posts.impressions, posts.impression_count) as impressions,
            coalesce(posts.likes, posts.like_count) as likes,
            coalesce(posts.comments, posts.comment_count) as comments,
            coalesce(posts.reposts, posts.share_count) as reposts,
            coalesce(posts.clicks, posts.click_count) as clicks,
            posts.views,
            posts.follows
        from deduplicated as posts
        inner join described on described.natural_post_id = posts.natural_post_id
    )

select *
from final
