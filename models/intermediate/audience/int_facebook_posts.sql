with
    posts as (select * from {{ ref("stg_facebook__posts") }}),

    -- Facebook prints no engagement of its own for a post.
    final as (
        select
            'facebook' as source,
            'facebook' as network,
            natural_post_id,
            page_id as profile_id,
            page_name as profile_name,

            snapshot_at,
            posted_at,
            posted_on,

            post_type,
            permalink,
            body,
            cast(null as {{ dbt.type_string() }}) as publisher,
            cast(null as {{ dbt.type_string() }}) as campaign,
            is_boosted,

            impressions,
            reach,
            coalesce(
                reactions,
                case
                    when
                        coalesce(
                            reactions_like,
                            reactions_love,
                            reactions_care,
                            reactions_haha,
                            reactions_wow,
                            reactions_sad,
                            reactions_angry
                        )
                        is not null
                    then
                        coalesce(reactions_like, 0)
                        + coalesce(reactions_love, 0)
                        + coalesce(reactions_care, 0)
                        + coalesce(reactions_haha, 0)
                        + coalesce(reactions_wow, 0)
                        + coalesce(reactions_sad, 0)
                        + coalesce(reactions_angry, 0)
                end
            ) as reactions,
            reactions_like,
            reactions_love,
            reactions_care,
            reactions_haha,
            reactions_wow,
            reactions_sad,
            reactions_angry,
            cast(null as bigint) as reactions_other,
            comments,
            shares,
            cast(null as bigint) as saves,
            link_clicks,
            coalesce(other_clicks, clicks - link_clicks) as other_clicks,
            video_views,
            cast(null as bigint) as follows,
            cast(null as bigint) as engagements_native
        from posts
    )

select *
from final
