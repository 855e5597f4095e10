with
    profile_days as (select * from {{ ref("int_sprout_social_profile_days_named") }}),

    final as (
        select
            'sprout_social' as source,
            network,
            profile_id,
            profile_name,
            metric_on,
            day_zone,
            exported_at,

            followers,
            followers_gained,
            followers_lost,
            posts_published,
            impressions,
            reactions,
            comments,
            shares,
            saves,
            link_clicks,
            other_clicks,
            video_views,
            profile_views,
            -- The API tells no total: the tool's own formula adds up what the network reports.
            coalesce(
                engagements,
                case
                    when
                        coalesce(
                            reactions,
                            comments,
                            shares,
                            saves,
                            story_replies,
                            link_clicks,
                            other_clicks,
                            engagements_other
                        )
                        is not null
                    then
                        coalesce(reactions, 0)
                        + coalesce(comments, 0)
                        + coalesce(shares, 0)
                        + coalesce(saves, 0)
                        + coalesce(story_replies, 0)
                        + coalesce(link_clicks, 0)
                        + coalesce(other_clicks, 0)
                        + coalesce(engagements_other, 0)
                end
            ) as engagements_native
        from profile_days
    )

select *
from final
