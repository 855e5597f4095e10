with
    posts as (select * from {{ ref("stg_sprout_social__posts") }}),

    accounts as (select * from {{ ref("int_sprout_social_accounts") }}),

    network_aliases as (select * from {{ ref("network_aliases") }}),

    placed as (
        select
            posts.*,
            coalesce(
                network_aliases.network, posts.network_word, accounts.network, 'unknown'
            ) as network,
            coalesce(
                accounts.profile_id,
                posts.profile_word,
                'sprout:' || posts.profile_id,
                posts.native_profile_id
            ) as known_profile_id,
            accounts.profile_name,
            coalesce(
                posts.other_clicks,
                posts.all_clicks - posts.link_clicks,
                -- All of them, where the network does not tell clicks on links apart.
                posts.all_clicks
            ) as known_other_clicks,
            coalesce(
                posts.reactions,
                case
                    when posts.network_word = 'youtube'
                    then posts.likes + coalesce(posts.dislikes, 0)
                    else posts.likes
                end
            ) as known_reactions
        from posts
        left join accounts on accounts.customer_profile_id = posts.profile_id
        left join network_aliases on network_aliases.alias = posts.network_word
    ),

    final as (
        select
            'sprout_social' as source,
            network,
            natural_post_id,
            known_profile_id as profile_id,
            profile_name,

            snapshot_at,
            posted_at,
            cast(posted_at as date) as posted_on,

            coalesce(post_type, content_category) as post_type,
            permalink,
            body,
            publisher,
            cast(null as {{ dbt.type_string() }}) as campaign,
            is_boosted,

            -- Networks of videos tell views where others tell impressions.
            case
                when network in ('tiktok', 'youtube')
                then coalesce(impressions, video_views)
                else impressions
            end as impressions,
            reach,
            known_reactions as reactions,
            likes as reactions_like,
            reactions_love,
            cast(null as bigint) as reactions_care,
            reactions_haha,
            reactions_wow,
            reactions_sad,
            reactions_angry,
            dislikes as reactions_other,
            comments,
            shares,
            saves,
            link_clicks,
            known_other_clicks as other_clicks,
            video_views,
            follows,
            -- The API tells no total: the tool's own formula adds up what the network reports.
            coalesce(
                engagements,
                case
                    when
                        coalesce(
                            known_reactions,
                            comments,
                            shares,
                            saves,
                            link_clicks,
                            known_other_clicks,
                            engagements_other
                        )
                        is not null
                    then
                        coalesce(known_reactions, 0)
                        + coalesce(comments, 0)
                        + coalesce(shares, 0)
                        + coalesce(saves, 0)
                        + coalesce(link_clicks, 0)
                        + coalesce(known_other_clicks, 0)
                        + coalesce(engagements_other, 0)
                        + case when network = 'youtube' then coalesce(follows, 0) else 0 end
                end
            ) as engagements_native
        from placed
    )

select *
from final
