with
    metric_days as (select * from {{ ref("stg_linkedin__metrics") }}),

    follower_days as (select * from {{ ref("stg_linkedin__followers") }}),

    unioned as (
        select
            page_id,
            metric_on,
            exported_at,
            cast(null as bigint) as followers,
            cast(null as bigint) as followers_gained,
            impressions,
            reactions,
            comments,
            shares,
            clicks
        from metric_days

        union all

        select
            page_id,
            metric_on,
            exported_at,
            followers,
            followers_gained,
            cast(null as bigint) as impressions,
            cast(null as bigint) as reactions,
            cast(null as bigint) as comments,
            cast(null as bigint) as shares,
            cast(null as bigint) as clicks
        from follower_days
    ),

    -- LinkedIn tells clicks of all kinds as one number; its engagement is all of them with
    -- reactions, comments and reposts.
    final as (
        select
            'linkedin' as source,
            'linkedin' as network,
            page_id as profile_id,
            cast(null as {{ dbt.type_string() }}) as profile_name,
            metric_on,
            'UTC' as day_zone,
            exported_at,

            max(followers) as followers,
            max(followers_gained) as followers_gained,
            cast(null as bigint) as followers_lost,
            cast(null as bigint) as posts_published,
            max(impressions) as impressions,
            max(reactions) as reactions,
            max(comments) as comments,
            max(shares) as shares,
            cast(null as bigint) as saves,
            max(clicks) as link_clicks,
            cast(null as bigint) as other_clicks,
            cast(null as bigint) as video_views,
            cast(null as bigint) as profile_views,
            max(reactions + comments + shares + clicks) as engagements_native
        from unioned
        group by page_id, metric_on, exported_at
    )

select *
from final
