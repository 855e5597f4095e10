with
    posts as (select * from {{ ref("stg_instagram__media") }}),

    accounts as (select * from {{ ref("int_instagram_accounts") }}),

    final as (
        select
            'instagram' as source,
            'instagram' as network,
            posts.natural_post_id,
            coalesce(accounts.handle, posts.handle, posts.account_id, 'instagram') as profile_id,
            posts.account_name as profile_name,

            posts.snapshot_at,
            posts.posted_at,
            posts.posted_on,

            posts.post_type,
            posts.permalink,
            posts.body,
            cast(null as {{ dbt.type_string() }}) as publisher,
            cast(null as {{ dbt.type_string() }}) as campaign,
            cast(null as boolean) as is_boosted,

            posts.impressions,
            posts.reach,
            posts.likes as reactions,
            posts.likes as reactions_like,
            cast(null as bigint) as reactions_love,
            cast(null as bigint) as reactions_care,
            cast(null as bigint) as reactions_haha,
            cast(null as bigint) as reactions_wow,
            cast(null as bigint) as reactions_sad,
            cast(null as bigint) as reactions_angry,
            cast(null as bigint) as reactions_other,
            posts.comments,
            posts.shares,
            posts.saves,
            cast(null as bigint) as link_clicks,
            cast(null as bigint) as other_clicks,
            posts.video_views,
            posts.follows,
            posts.total_interactions as engagements_native
        from posts
        left join accounts on accounts.account_id = posts.account_id
    )

select *
from final
