with
    needles as (select * from {{ ref("int_keyword_needles") }}),

    campaigns as (select * from {{ ref("campaigns") }}),

    counted as (
        select
            keyword_key,
            keyword,
            keyword_kind,
            brand,
            is_own_brand,
            campaign,
            is_exclusive,
            count(*) as spellings
        from needles
        group by keyword_key, keyword, keyword_kind, brand, is_own_brand, campaign, is_exclusive
    ),

    final as (
        select
            counted.keyword_key,

            campaigns.starts_on as counts_from_on,
            campaigns.ends_on as counts_to_on,

            counted.keyword,
            counted.keyword_kind,
            counted.brand,
            counted.is_own_brand,
            counted.campaign,
            counted.keyword like '#%' as is_hashtag,
            counted.is_exclusive,

            counted.spellings
        from counted
        left join campaigns on campaigns.campaign = counted.campaign
    )

select *
from final
