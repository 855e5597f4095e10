with
    videos as (select * from {{ ref("stg_youtube__videos") }}),

    -- Numbers of a period are no lifetime values: the video is known, its numbers are not.
    lifetime as (
        select
            *,
            case when is_lifetime then views end as lifetime_views,
            case when is_lifetime then likes end as lifetime_likes,
            case when is_lifetime then dislikes end as lifetime_dislikes,
            case when is_lifetime then comments end as lifetime_comments,
            case when is_lifetime then shares end as lifetime_shares,
            case
                when is_lifetime then coalesce(subscribers_gained, subscribers)
            end as lifetime_follows
        from videos
    ),

    final as (
        select
            'youtube' as source,
            'youtube' as network,
            video_id as natural_post_id,
            coalesce(channel_folder, 'youtube') as profile_id,
            cast(null as {{ dbt.type_string() }}) as profile_name,

            snapshot_at,
            published_at as posted_at,
            published_on as posted_on,

            case when content_type like 'short%' then 'short' else 'video' end as post_type,
            'https://www.youtube.com/watch?v=' || video_id as permalink,
            title as body,
            cast(null as {{ dbt.type_string() }}) as publisher,
            cast(null as {{ dbt.type_string() }}) as campaign,
            cast(null as boolean) as is_boosted,

            -- How often a thumbnail was shown says nothing about Shorts, which have none: seen is
            -- viewed, as on other networks of videos.
            lifetime_views as impressions,
            cast(null as bigint) as reach,
            lifetime_likes + coalesce(lifetime_dislikes, 0) as reactions,
            lifetime_likes as reactions_like,
            cast(null as bigint) as reactions_love,
            cast(null as bigint) as reactions_care,
            cast(null as bigint) as reactions_haha,
            cast(null as bigint) as reactions_wow,
            cast(null as bigint) as reactions_sad,
            cast(null as bigint) as reactions_angry,
            lifetime_dislikes as reactions_other,
            lifetime_comments as comments,
            lifetime_shares as shares,
            cast(null as bigint) as saves,
            cast(null as bigint) as link_clicks,
            cast(null as bigint) as other_clicks,
            lifetime_views as video_views,
            lifetime_follows as follows,
            cast(null as bigint) as engagements_native
        from lifetime
    )

select *
from final
