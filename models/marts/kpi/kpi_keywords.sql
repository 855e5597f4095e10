with
    mentions as (select * from {{ ref("fct_mentions") }} where not is_by_us),

    keywords as (select * from {{ ref("bridge_mention_keywords") }} where is_in_window),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    found as (
        select
            keywords.keyword_key,
            keywords.keyword,
            keywords.keyword_kind,
            keywords.campaign,
            keywords.is_hashtag,
            keywords.is_exclusive,
            mentions.*
        from keywords
        inner join
            mentions
            on mentions.mention_key = keywords.mention_key
            and mentions.brand = keywords.brand
    ),

    counted as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            found.keyword_key,
            found.keyword,
            found.keyword_kind,
            found.brand,
            found.is_own_brand,
            found.campaign,
            found.is_hashtag,
            found.is_exclusive,
            count(*) as mentions,
            count(distinct found.author_key) as unique_authors,
            count(*) filter (where found.is_repost) as reposts,
            count(*) filter (where found.directedness = 'to_us') as to_us,
            count(*) filter (where found.directedness = 'about_us') as about_us,
            count(*) filter (where found.is_answered) as answered,
            count(*) filter (where found.sentiment = 'positive') as positive_mentions,
            count(*) filter (where found.sentiment = 'neutral') as neutral_mentions,
            count(*) filter (where found.sentiment = 'negative') as negative_mentions,
            cast(sum(found.engagements) as bigint) as engagements,
            cast(sum(found.impressions) as bigint) as impressions
        from found
        inner join period_days on period_days.date_on = found.sent_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            found.keyword_key,
            found.keyword,
            found.keyword_kind,
            found.brand,
            found.is_own_brand,
            found.campaign,
            found.is_hashtag,
            found.is_exclusive
    ),

    final as (
        select
            {{ surrogate_key(["period_kind", "period_start_on", "keyword_key"]) }}
            as keyword_period_key,
            *
        from counted
    )

select *
from final
