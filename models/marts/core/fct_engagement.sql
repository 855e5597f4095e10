with
    changes as (select * from {{ ref("int_post_metric_changes") }}),

    definitions as (select * from {{ ref("metric_definitions") }} where metric = 'impressions'),

    daily as (
        select
            post_key,
            source,
            network,
            profile,
            metric_on,
            sum(impressions) as impressions,
            sum(likes) as likes,
            sum(replies) as replies,
            sum(reposts) as reposts,
            sum(bookmarks) as bookmarks,
            sum(url_clicks) as url_clicks,
            sum(engagements_native) as engagements_native
        from changes
        group by post_key, source, network, profile, metric_on
    ),

    versions as (
        select
            daily.post_key,
            daily.metric_on,
            max_by(definitions.definition_version, definitions.valid_from_on) as definition_version
        from daily
        inner join
            definitions
            on definitions.network = daily.network
            and definitions.valid_from_on <= daily.metric_on
        group by daily.post_key, daily.metric_on
    ),

    final as (
        select
            {{ surrogate_key(["daily.post_key", "daily.metric_on"]) }} as engagement_key,
            daily.post_key,

            daily.metric_on,

            daily.network,
            daily.profile,

            cast(daily.impressions as bigint) as impressions,
            cast(daily.likes as bigint) as likes,
            cast(daily.replies as bigint) as replies,
            cast(daily.reposts as bigint) as reposts,
            cast(daily.bookmarks as bigint) as bookmarks,
            cast(daily.url_clicks as bigint) as url_clicks,
            cast(daily.engagements_native as bigint) as engagements_native,
            case
                when coalesce(daily.likes, daily.replies, daily.reposts) is not null
                then
                    cast(
                        coalesce(daily.likes, 0)
                        + coalesce(daily.replies, 0)
                        + coalesce(daily.reposts, 0) as bigint
                    )
            end as engagement_core,

            versions.definition_version,
            daily.source
        from daily
        left join
            versions on versions.post_key = daily.post_key and versions.metric_on = daily.metric_on
    )

select *
from final
