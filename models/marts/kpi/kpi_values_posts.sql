with
    engagement as (select * from {{ ref("fct_engagement") }} where level = 'post'),

    posts as (select * from {{ ref("dim_post") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    known as ({{ known_posts("engagement") }}),

    described as (
        select
            engagement.*,
            posts.product,
            known.has_engagement_rate,
            known.has_amplification_rate,
            known.has_click_rate
        from engagement
        inner join posts on posts.post_key = engagement.post_key
        inner join known on known.post_key = engagement.post_key
    ),

    sliced as (
        {{
            own_slices(
                "described", {"overall": "'all'", "network": "network", "product": "product"}
            )
        }}
    ),

    summed as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            sum(sliced.impressions) as impressions,
            sum(sliced.engagement_core) as engagement_core,
            sum(sliced.engagements_native) as engagements_native,
            sum(sliced.link_clicks) as link_clicks,
            sum(sliced.impressions) filter (
                where sliced.has_engagement_rate
            ) as engaged_impressions,
            sum(sliced.engagement_core) filter (
                where sliced.has_engagement_rate
            ) as seen_engagement_core,
            sum(sliced.impressions) filter (
                where sliced.has_amplification_rate
            ) as shared_impressions,
            sum(sliced.shares) filter (where sliced.has_amplification_rate) as seen_shares,
            sum(sliced.impressions) filter (where sliced.has_click_rate) as clicked_impressions,
            sum(sliced.link_clicks) filter (where sliced.has_click_rate) as seen_link_clicks,
            count(distinct sliced.post_key) as posts
        from sliced
        inner join period_days on period_days.date_on = sliced.metric_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value
    ),

    final as (
        {{
            kpi_rows(
                "summed",
                [
                    {"id": "K62", "numerator": "impressions", "n": "posts"},
                    {"id": "K63", "numerator": "engagement_core", "n": "posts"},
                    {"id": "K63_native", "numerator": "engagements_native", "n": "posts"},
                    {
                        "id": "K64",
                        "numerator": "seen_engagement_core",
                        "denominator": "engaged_impressions",
                        "n": "posts",
                    },
                    {
                        "id": "K65",
                        "numerator": "seen_shares",
                        "denominator": "shared_impressions",
                        "n": "posts",
                    },
                    {"id": "K67", "numerator": "link_clicks", "n": "posts"},
                    {
                        "id": "K67_ctr",
                        "numerator": "seen_link_clicks",
                        "denominator": "clicked_impressions",
                        "n": "posts",
                    },
                ],
            )
        }}
    )

select *
from final
