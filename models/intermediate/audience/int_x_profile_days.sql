with
    account_days as (select * from {{ ref("stg_x__account") }}),

    -- X exports no total of followers and no clicks by day; a copied link spreads nothing.
    final as (
        select
            'x' as source,
            'x' as network,
            profile as profile_id,
            cast(null as {{ dbt.type_string() }}) as profile_name,
            metric_on,
            'UTC' as day_zone,
            exported_at,

            cast(null as bigint) as followers,
            followers_gained,
            followers_lost,
            posts_created as posts_published,
            impressions,
            likes as reactions,
            replies as comments,
            reposts as shares,
            bookmarks as saves,
            cast(null as bigint) as link_clicks,
            cast(null as bigint) as other_clicks,
            video_views,
            profile_visits as profile_views,
            engagements_native
        from account_days
    )

select *
from final
