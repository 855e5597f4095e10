with
    profile_days as (select * from {{ ref("stg_sprout_social__profile_days") }}),

    accounts as (select * from {{ ref("int_sprout_social_accounts") }}),

    network_aliases as (select * from {{ ref("network_aliases") }}),

    named as (
        select
            profile_days.*,
            coalesce(
                accounts.network, network_aliases.network, profile_days.network_word, 'unknown'
            ) as network,
            coalesce(
                accounts.profile_id, profile_days.profile_word, 'sprout:' || profile_days.profile_id
            ) as known_profile_id,
            accounts.profile_name
        from profile_days
        left join accounts on accounts.customer_profile_id = profile_days.profile_id
        left join network_aliases on network_aliases.alias = profile_days.network_word
    ),

    final as (
        select
            profile_day_key,
            network,
            known_profile_id as profile_id,
            profile_name,
            metric_on,
            {{ sprout_day_zone("network") }} as day_zone,
            exported_at,

            followers,
            followers_gained,
            followers_lost,
            posts_published,
            -- Networks of videos tell views where others tell impressions.
            case
                when network in ('tiktok', 'youtube')
                then coalesce(impressions, video_views)
                else impressions
            end as impressions,
            reach,
            reach_organic,
            reach_paid,
            reactions,
            comments,
            shares,
            saves,
            story_replies,
            link_clicks,
            coalesce(other_clicks, all_clicks - link_clicks, all_clicks) as other_clicks,
            engagements_other,
            engagements,
            video_views,
            profile_views
        from named
    )

select *
from final
