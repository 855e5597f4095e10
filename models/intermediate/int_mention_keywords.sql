with
    mentions as (select * from {{ ref("int_mentions") }}),

    needles as (select * from {{ ref("int_keyword_needles") }}),

    campaigns as (select * from {{ ref("campaigns") }}),

    -- Texts that repeat are searched once.
    texts as (select distinct text_key, words, tokens from mentions where text_key is not null),

    found as (
        select texts.text_key, needles.keyword_key
        from texts
        inner join needles on not needles.is_token and contains(texts.words, needles.needle)

        union

        select texts.text_key, needles.keyword_key
        from texts
        inner join needles on needles.is_token and contains(texts.tokens, needles.needle)
    ),

    keywords as (
        select distinct
            keyword_key, keyword, keyword_kind, brand, is_own_brand, campaign, is_exclusive
        from needles
    ),

    final as (
        select
            {{ surrogate_key(["mentions.mention_key", "found.keyword_key"]) }}
            as mention_keyword_key,
            mentions.mention_key,
            found.keyword_key,

            mentions.sent_on,

            keywords.keyword,
            keywords.keyword_kind,
            keywords.brand,
            keywords.is_own_brand,
            keywords.campaign,
            keywords.keyword like '#%' as is_hashtag,
            keywords.is_exclusive,
            campaigns.campaign is null
            or (
                mentions.sent_on >= coalesce(campaigns.starts_on, mentions.sent_on)
                and mentions.sent_on <= coalesce(campaigns.ends_on, mentions.sent_on)
                and coalesce(campaigns.ends_on >= campaigns.starts_on, true)
            ) as is_in_window
        from mentions
        inner join found on found.text_key = mentions.text_key
        inner join keywords on keywords.keyword_key = found.keyword_key
        left join campaigns on campaigns.campaign = keywords.campaign
    )

select *
from final
