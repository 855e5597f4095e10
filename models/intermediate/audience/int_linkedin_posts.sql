with
    posts as (select * from {{ ref("stg_linkedin__posts") }}),

    -- LinkedIn tells clicks of all kinds as one number; its engagement adds reactions, comments and
    -- reposts to them. Who published is told by a name, which is no account of any tool.
    final as (
        select
            'linkedin' as source,
            'linkedin' as network,
            natural_post_id,
            page_id as profile_id,
            cast(null as {{ dbt.type_string() }}) as profile_name,

            snapshot_at,
            cast(null as timestamp) as posted_at,
            posted_on,

            post_type,
            permalink,
            body,
            cast(null as {{ dbt.type_string() }}) as publisher,
            campaign,
            is_boosted,

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
            comments,
            reposts as shares,
            cast(null as bigint) as saves,
            clicks as link_clicks,
            cast(null as bigint) as other_clicks,
            views as video_views,
            follows,
            likes + comments + reposts + clicks as engagements_native
        from posts
    )

select *
from final
