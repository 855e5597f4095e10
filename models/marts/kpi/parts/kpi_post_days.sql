with
    engagement as (select * from {{ ref("fct_engagement") }} where level = 'post'),

    posts as (select * from {{ ref("dim_post") }}),

    certificate_posts as (select * from {{ ref("kpi_certificate_posts") }}),

    known as ({{ known_posts("engagement") }}),

    -- One answer may thank for two posts; its clicks are its own.
    answers as (
        select distinct answer_message_key
        from certificate_posts
        where answer_message_key is not null
    ),

    final as (
        select
            engagement.engagement_key,
            engagement.post_key,
            engagement.profile_key,

            engagement.metric_on,

            engagement.network,
            posts.product,

            engagement.impressions,
            engagement.engagement_core,
            engagement.engagements_native,
            engagement.link_clicks,
            {% for name, part in {
                "engaged_impressions": ("has_engagement_rate", "impressions"),
                "seen_engagement_core": ("has_engagement_rate", "engagement_core"),
                "shared_impressions": ("has_amplification_rate", "impressions"),
                "seen_shares": ("has_amplification_rate", "shares"),
                "clicked_impressions": ("has_click_rate", "impressions"),
                "seen_link_clicks": ("has_click_rate", "link_clicks"),
            }.items() -%}
                case when known.{{ part[0] }} then engagement.{{ part[1] }} end as {{ name }},
            {% endfor -%}
            case
                when answers.answer_message_key is not null then engagement.link_clicks
            end as certificate_clicks
        from engagement
        inner join posts on posts.post_key = engagement.post_key
        inner join known on known.post_key = engagement.post_key
        left join answers on answers.answer_message_key = engagement.post_key
    )

select *
from final
