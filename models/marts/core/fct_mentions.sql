with
    mentions as (select * from {{ ref("int_mentions") }}),

    keywords as (select * from {{ ref("int_mention_keywords") }}),

    brands as (select * from {{ ref("brands") }}),

    own_brand as (select min(brand) as brand from brands where is_own),

    named as (
        select
            mention_key,
            brand,
            max(case when is_exclusive then 1 else 0 end) = 1 as names_exclusive_term,
            {{ join_texts("case when not is_hashtag then keyword end", "', '") }} as keywords,
            {{ join_texts("case when is_hashtag then keyword end", "', '") }} as hashtags
        from keywords
        where is_in_window
        group by mention_key, brand
    ),

    -- What the inbox caught about us is about us even where no keyword says so.
    about_us as (
        select mentions.mention_key, own_brand.brand
        from mentions
        cross join own_brand
        left join
            named on named.mention_key = mentions.mention_key and named.brand = own_brand.brand
        where
            mentions.message_key is not null
            and mentions.directedness = 'about_us'
            and named.mention_key is null
            and own_brand.brand is not null
    ),

    paired as (
        select mention_key, brand, names_exclusive_term, keywords, hashtags
        from named

        union all

        select
            mention_key,
            brand,
            false as names_exclusive_term,
            cast(null as {{ dbt.type_string() }}) as keywords,
            cast(null as {{ dbt.type_string() }}) as hashtags
        from about_us
    ),

    ruled as (
        select
            mentions.*,
            paired.brand,
            brands.is_own as is_own_brand,
            paired.names_exclusive_term,
            paired.keywords,
            paired.hashtags,
            paired.names_exclusive_term
            and not mentions.is_by_us
            and mentions.is_listened
            and mentions.sent_on >= coalesce(brands.valid_from_on, mentions.sent_on)
            and mentions.sent_on
            <= coalesce(brands.valid_to_on, mentions.sent_on) as counts_for_share
        from paired
        inner join mentions on mentions.mention_key = paired.mention_key
        inner join brands on brands.brand = paired.brand
    ),

    counted as (
        select
            *,
            sum(case when counts_for_share then 1 else 0 end) over (
                partition by mention_key
            ) as brands_sharing,
            sum(case when names_exclusive_term then 1 else 0 end) over (
                partition by mention_key
            ) as brands_named
        from ruled
    ),

    final as (
        select
            {{ surrogate_key(["mention_key", "brand"]) }} as mention_brand_key,
            mention_key,
            message_key,
            author_key,

            sent_at,
            sent_on,
            answered_at,

            source,
            network,
            brand,
            is_own_brand,
            directedness,
            sentiment,
            language,
            case
                when author_followers is null
                then 'unknown'
                when author_followers < 2000
                then 'under_2k'
                when author_followers < 10000
                then '2k_10k'
                when author_followers <= 100000
                then '10k_100k'
                else 'over_100k'
            end as author_tier,
            is_verified,
            is_by_us,
            is_repost,
            is_listened,
            names_exclusive_term,
            counts_for_share,
            answered_at is not null as is_answered,
            keywords,
            hashtags,

            author_followers,
            engagements,
            impressions,
            cast(brands_named as bigint) as brands_named,
            case when counts_for_share then 1 / brands_sharing else 0.0 end as share_weight
        from counted
    )

select *
from final
