with
    mentions as (select * from {{ ref("fct_mentions") }} where not is_by_us),

    keywords as (select * from {{ ref("bridge_mention_keywords") }} where is_in_window),

    final as (
        select
            keywords.mention_keyword_key,
            mentions.mention_key,

            mentions.sent_on,

            mentions.network,
            mentions.brand,
            keywords.keyword,
            case when keywords.is_hashtag then keywords.keyword end as hashtag,
            keywords.campaign,

            -- Counted distinct: a mention with three of our words is one mention.
            case
                when
                    mentions.is_own_brand
                    and keywords.keyword_kind in ('company', 'product', 'nickname')
                then mentions.mention_key
            end as keyword_mention,
            case
                when mentions.is_own_brand and keywords.is_hashtag then mentions.mention_key
            end as hashtag_mention,
            case
                when mentions.is_own_brand and keywords.is_hashtag then mentions.author_key
            end as hashtag_author,
            case
                when not mentions.is_own_brand and keywords.campaign is not null
                then mentions.mention_key
            end as buzz_mention
        from keywords
        inner join
            mentions
            on mentions.mention_key = keywords.mention_key
            and mentions.brand = keywords.brand
    )

select *
from final
