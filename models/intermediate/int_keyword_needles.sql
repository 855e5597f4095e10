with
    keywords as (select * from {{ ref("keywords") }}),

    variants as (select * from {{ ref("keyword_variants") }}),

    campaigns as (select * from {{ ref("campaigns") }}),

    brands as (select * from {{ ref("brands") }}),

    campaign_hashtags as (
        select campaign, brand, {{ split_rows("hashtags", "' '") }} as hashtag from campaigns
    ),

    -- A hashtag two campaigns share is one keyword of each.
    described as (
        select keyword, keyword_kind, brand, campaign, is_exclusive
        from keywords

        union all

        select hashtag as keyword, 'campaign' as keyword_kind, brand, campaign, false
        from campaign_hashtags
        where hashtag <> ''
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

    folded as (
        select
            *,
            {{ folded_text("spelling") }} as folded_spelling,
            spelling like '#%' or spelling like '@%' as is_token
        from written
    ),

    final as (
        select
            {{ surrogate_key(["keyword_key", "spelling"]) }} as needle_key,
            keyword_key,
            keyword,
            keyword_kind,
            brand,
            is_own_brand,
            campaign,
            is_exclusive,
            variant_kind = 'handle' and is_own_brand as is_own_handle,
            spelling,
            is_token,
            case
                when is_token
                then {{ searchable_tokens("folded_spelling") }}
                else {{ searchable_words("folded_spelling") }}
            end as needle
        from folded
    )

select *
from final
