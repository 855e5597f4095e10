with
    keywords as (select * from {{ ref("keywords") }}),

    variants as (select * from {{ ref("keyword_variants") }}),

    campaigns as (select * from {{ ref("campaigns") }}),

    brands as (select * from {{ ref("brands") }}),

    parted as (
        select campaign, brand, {{ split_rows("hashtags", "' '") }} as hashtag from campaigns
    ),

    campaign_hashtags as (
        select distinct
            campaign,
            brand,
            case when hashtag like '#%' then hashtag else '#' || hashtag end as hashtag
        from parted
        where hashtag <> ''
    ),

    -- A hashtag two campaigns share is one keyword of each; one that the keywords describe too is
    -- as they say.
    described as (
        select keyword, keyword_kind, brand, campaign, is_exclusive
        from keywords

        union all

        select
            campaign_hashtags.hashtag as keyword,
            'campaign' as keyword_kind,
            campaign_hashtags.brand,
            campaign_hashtags.campaign,
            false as is_exclusive
        from campaign_hashtags
        left join
            keywords
            on keywords.keyword = campaign_hashtags.hashtag
            and keywords.campaign = campaign_hashtags.campaign
        where keywords.keyword is null
    ),

    keyed as (
        select
            described.*,
            {{ surrogate_key(["'keyword'", "described.keyword", "described.campaign"]) }}
            as keyword_key,
            brands.is_own as is_own_brand
        from described
        inner join brands on brands.brand = described.brand
    ),

    written as (
        select keyed.*, keyword as spelling, 'keyword' as variant_kind
        from keyed

        union all

        select keyed.*, variants.variant as spelling, variants.variant_kind
        from keyed
        inner join variants on variants.keyword = keyed.keyword
    ),

    folded as (select *, {{ folded_text("spelling") }} as folded_spelling from written),

    searched as (
        select
            *,
            {{ searchable_words("folded_spelling") }} as words,
            {{ searchable_tokens("folded_spelling") }} as tokens
        from folded
    ),

    -- Emoji are no words: a keyword of nothing else is a token, as hashtags and handles are.
    shaped as (
        select
            *,
            spelling like '#%' or spelling like '@%' or trim(words) = '' as is_token,
            case
                when spelling like '#%' or spelling like '@%' or trim(words) = ''
                then tokens
                else words
            end as needle
        from searched
    ),

    -- Spellings that read alike are one; what has no sign that is searched would be in every text.
    final as (
        select
            {{ surrogate_key(["keyword_key", "needle"]) }} as needle_key,
            keyword_key,
            keyword,
            keyword_kind,
            brand,
            is_own_brand,
            campaign,
            is_exclusive,
            count(*) filter (where variant_kind = 'handle' and is_own_brand) > 0 as is_own_handle,
            min(spelling) as spelling,
            is_token,
            needle
        from shaped
        where trim(needle) not in ('', '#', '@')
        group by
            keyword_key,
            keyword,
            keyword_kind,
            brand,
            is_own_brand,
            campaign,
            is_exclusive,
            is_token,
            needle
    )

select *
from final
