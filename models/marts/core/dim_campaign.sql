with
    sessions as (select * from {{ ref("int_web_session_sources") }}),

    costs as (select * from {{ ref("int_costs_labelled") }}),

    ads as (select * from {{ ref("int_ad_spend") }}),

    posts as (select * from {{ ref("int_posts_described") }}),

    planned as (
        select campaigns.*, {{ clean_label("campaigns.campaign") }} as campaign_label
        from {{ ref("campaigns") }} as campaigns
    ),

    brands as (select * from {{ ref("brands") }}),

    mentions as (
        select
            campaign,
            coalesce(campaign_raw, campaign) as spelling,
            cast({{ reporting_date("started_at") }} as date) as seen_on
        from sessions
        where campaign is not null

        union all

        select campaign_label as campaign, campaign as spelling, month_on as seen_on
        from costs
        where campaign_label is not null

        union all

        select campaign_label as campaign, campaign as spelling, date_on as seen_on
        from ads
        where campaign_label is not null

        union all

        select {{ clean_label("campaign") }} as campaign, campaign as spelling, posted_on as seen_on
        from posts
        where {{ clean_label("campaign") }} is not null

        union all

        select campaign_label as campaign, campaign as spelling, cast(null as date) as seen_on
        from planned
        where campaign_label is not null
    ),

    seen as (
        select
            campaign,
            min(seen_on) as first_seen_on,
            max(seen_on) as last_seen_on,
            count(distinct case when seen_on is not null then spelling end) as spellings
        from mentions
        group by campaign
    ),

    final as (
        select
            {{ surrogate_key(["'campaign'", "seen.campaign"]) }} as campaign_key,

            seen.first_seen_on,
            seen.last_seen_on,
            planned.starts_on,
            planned.ends_on,

            seen.campaign,
            coalesce(planned.name, seen.campaign) as campaign_name,
            planned.brand,
            planned.hashtags,
            planned.off_platform,
            coalesce(brands.is_own, true) as is_own_brand,
            planned.campaign_label is not null as is_planned,
            coalesce(planned.ends_on >= planned.starts_on, true) as is_possible,
            seen.spellings
        from seen
        left join planned on planned.campaign_label = seen.campaign
        left join brands on brands.brand = planned.brand
    )

select *
from final
