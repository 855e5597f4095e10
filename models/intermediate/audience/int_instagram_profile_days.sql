with
    account_days as (select * from {{ ref("stg_instagram__account_days") }}),

    accounts as (select * from {{ ref("int_instagram_accounts") }}),

    named as (
        select
            account_days.*,
            coalesce(
                accounts.handle, account_days.handle, account_days.account_id, 'instagram'
            ) as profile_id
        from account_days
        left join accounts on accounts.account_id = account_days.account_id
        where account_days.window_days = 1
    ),

    -- Documents that name the account by its number and files that name it by its handle are of
    -- one.
    final as (
        select
            'instagram' as source,
            'instagram' as network,
            profile_id,
            cast(null as {{ dbt.type_string() }}) as profile_name,
            metric_on,
            max(day_zone) as day_zone,
            exported_at,

            max(followers) as followers,
            max(followers_gained) as followers_gained,
            max(followers_lost) as followers_lost,
            cast(null as bigint) as posts_published,
            max(impressions) as impressions,
            max(likes) as reactions,
            max(comments) as comments,
            max(shares) as shares,
            max(saves) as saves,
            max(website_clicks) as link_clicks,
            cast(null as bigint) as other_clicks,
            cast(null as bigint) as video_views,
            max(profile_views) as profile_views,
            max(engagements) as engagements_native
        from named
        group by profile_id, metric_on, exported_at
    )

select *
from final
