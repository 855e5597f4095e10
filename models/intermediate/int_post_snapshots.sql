with
    x_posts as (select * from {{ ref("stg_x__posts") }}),

    final as (
        select
            post_snapshot_key,
            post_key,
            'x' as source,
            'x' as network,
            profile,
            natural_post_id,

            snapshot_at,
            posted_at,
            posted_on,

            post_type,
            permalink,
            body,

            impressions,
            likes,
            replies,
            -- X calls a repost a share in some years and a copied link a share in others: only
            -- reposts spread a post.
            reposts,
            bookmarks,
            url_clicks,
            engagements_native
        from x_posts
    )

select *
from final
