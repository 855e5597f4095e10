with
    sessions as (select * from {{ ref("int_web_session_sources") }}),

    classified as (select * from {{ ref("int_web_sessions_classified") }}),

    visitors as (select * from {{ ref("int_web_visitors") }}),

    session_posts as (select * from {{ ref("int_web_session_posts") }}),

    conversions as (
        select
            session_key,
            count(*) as conversions,
            sum(case when is_primary then 1 else 0 end) as primary_conversions,
            {{ exact_sum("value", "is_primary") }} as revenue,
            case when min(currency) = max(currency) then min(currency) end as currency
        from {{ ref("int_conversions_united") }}
        where session_key is not null
        group by session_key
    ),

    measured as (
        select
            sessions.*,
            {{ seconds_between("sessions.started_at", "sessions.ended_at") }} as duration_s,
            coalesce(conversions.conversions, 0) as conversions,
            coalesce(conversions.primary_conversions, 0) as primary_conversions,
            conversions.revenue,
            conversions.currency
        from sessions
        left join conversions on conversions.session_key = sessions.session_key
    ),

    final as (
        select
            measured.session_key,
            measured.visitor_key,
            measured.user_key,
            session_posts.post_key,
            case
                when measured.campaign is not null
                then {{ surrogate_key(["'campaign'", "measured.campaign"]) }}
            end as campaign_key,

            measured.started_at,
            measured.ended_at,
            classified.started_on,
            measured.is_clock_skewed,

            visitors.is_automated,
            row_number() over (
                partition by measured.visitor_key order by measured.started_at, measured.session_key
            ) as session_number,

            measured.source,
            classified.channel_group,
            classified.ga4_channel_group,
            classified.network,
            classified.network is not null
            or classified.channel_group in ('Organic Social', 'Paid Social') as is_social,
            measured.source_basis not in ('none', 'unknown')
            and classified.channel_group <> 'Direct' as is_source_known,
            measured.source_basis,
            classified.traffic_source,
            classified.traffic_medium,
            measured.campaign,
            measured.term as utm_term,
            measured.content as utm_content,
            measured.source_raw as utm_source_raw,
            measured.medium_raw as utm_medium_raw,
            measured.campaign_raw as utm_campaign_raw,
            measured.term_raw as utm_term_raw,
            measured.content_raw as utm_content_raw,
            measured.click_id as click_id_kind,
            measured.referrer_host,
            {{ regex_group("measured.landing_address", "'^([^&]*)'") }} as landing_page,
            session_posts.post_match,
            coalesce(
                measured.reported_engaged = 1
                or measured.page_views >= 2
                or measured.conversions > 0
                or coalesce(measured.engagement_msec, measured.duration_s * 1000) > 10000,
                false
            ) as is_engaged,
            measured.currency,

            cast(measured.duration_s as bigint) as duration_s,
            cast(measured.engagement_msec as double) / 1000 as engagement_s,
            cast(measured.events as bigint) as events,
            cast(measured.page_views as bigint) as page_views,
            cast(measured.conversions as bigint) as conversions,
            cast(measured.primary_conversions as bigint) as primary_conversions,
            cast(measured.revenue as double) as revenue
        from measured
        inner join classified on classified.session_key = measured.session_key
        inner join visitors on visitors.visitor_key = measured.visitor_key
        left join session_posts on session_posts.session_key = measured.session_key
    )

select *
from final
