with
    exported as (select * from {{ stream("sprout_social", "profiles") }}),

    -- An export made after the as-of instant is not known yet; one of unknown age counts as the
    -- latest.
    known as (
        select
            *,
            case
                when _exported_at > {{ as_of() }} then {{ as_of() }} else _exported_at
            end as snapshot_at
        from exported
        where
            (not _exported_at_is_known or _exported_at <= {{ as_of() }})
            and day <= cast({{ as_of() }} as date)
    ),

    named as (
        select
            *,
            lower({{ regex_remove("profile", "'^@'") }}) as profile_word,
            lower(network) as network_word
        from known
    ),

    -- One row per profile, day and instant of export; the order of loading decides nothing.
    deduplicated as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by
                            customer_profile_id, profile_word, network_word, day, snapshot_at
                        order by {{ latest_version_first() }}
                    ) as place
                from named
            )
        where place = 1
    ),

    final as (
        select
            {{
                surrogate_key(
                    [
                        "customer_profile_id",
                        "profile_word",
                        "network_word",
                        "day",
                        "snapshot_at",
                    ]
                )
            }} as profile_day_key,
            customer_profile_id as profile_id,
            profile_word,
            network_word,
            day as metric_on,
            snapshot_at as exported_at,

            followers_count as followers,
            followers_gained,
            followers_lost,
            net_follower_growth,
            posts_sent_count as posts_published,
            impressions,
            impressions_unique as reach,
            impressions_organic_unique as reach_organic,
            impressions_paid_unique as reach_paid,
            -- TikTok's metrics carry `total` in their names.
            coalesce(reactions, likes, likes_total) as reactions,
            coalesce(comments_count, comments_count_total) as comments,
            coalesce(shares_count, shares_count_total, reposts_count + quotes_count) as shares,
            saves,
            story_replies,
            post_link_clicks as link_clicks,
            post_content_clicks as all_clicks,
            post_content_clicks_other as other_clicks,
            engagements_other,
            engagements,
            coalesce(video_views, video_views_total) as video_views,
            coalesce(profile_views, profile_views_total) as profile_views
        from deduplicated
    )

select *
from final
