with
    page_days as (select * from {{ ref("stg_facebook__page_days") }}),

    final as (
        select
            'facebook' as source,
            'facebook' as network,
            page_id as profile_id,
            page_name as profile_name,
            metric_on,
            day_zone,
            exported_at,

            followers,
            followers_gained,
            followers_lost,
            cast(null as bigint) as posts_published,
            impressions,
            case
                when
                    coalesce(
                        reactions_like,
                        reactions_love,
                        reactions_haha,
                        reactions_wow,
                        reactions_sad,
                        reactions_angry
                    )
                    is not null
                then
                    coalesce(reactions_like, 0)
                    + coalesce(reactions_love, 0)
                    + coalesce(reactions_haha, 0)
                    + coalesce(reactions_wow, 0)
                    + coalesce(reactions_sad, 0)
                    + coalesce(reactions_angry, 0)
            end as reactions,
            cast(null as bigint) as comments,
            cast(null as bigint) as shares,
            cast(null as bigint) as saves,
            cast(null as bigint) as link_clicks,
            cast(null as bigint) as other_clicks,
            video_views,
            page_views as profile_views,
            engagements as engagements_native
        from page_days
        where window_days = 1
    )

select *
from final
