with
    posts as (select * from {{ ref("stg_x__posts") }}),

    -- X calls a repost a share in some years and a copied link a share in others: only reposts
    -- spread a post.
    final as (
        select
            'x' as source,
            'x' as network,
            natural_post_id,
            profile as profile_id,
            cast(null as {{ dbt.type_string() }}) as profile_name,

            snapshot_at,
            posted_at,
            posted_on,

            post_type,
            permalink,
            body,
            cast(null as {{ dbt.type_string() }}) as publisher,
            cast(null as {{ dbt.type_string() }}) as campaign,
            cast(null as boolean) as is_boosted,

            impressions,
            cast(null as bigint) as reach,
            likes as reactions,
            likes as reactions_like,
            cast(null as bigint) as reactions_love,
            cast(null as bigint) as reactions_care,
            cast(null as bigint) as reactions_haha,
            cast(null as bigint) as reactions_wow,
            cast(null as bigint) as reactions_sad,
            cast(null as bigint) as reactions_angry,
            cast(null as bigint) as reactions_other,
            replies as comments,
            reposts as shares,
            bookmarks as saves,
            url_clicks as link_clicks,
            profile_clicks as other_clicks,
            cast(null as bigint) as video_views,
            follows,
            engagements_native
        from posts
    )

select *
from final
