with
    mentions as (select * from {{ ref("fct_mentions") }} where not is_by_us),

    keywords as (select * from {{ ref("bridge_mention_keywords") }} where is_in_window),

    shares as (select * from {{ ref("kpi_share_of_voice") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    -- Once, however many brands of ours it names.
    own_mentions as (
        select {{ all_but("place") }}
        from
            (
                select *, row_number() over (partition by mention_key order by brand) as place
                from mentions
                where is_own_brand
            )
        where place = 1
    ),

    own_sliced as ({{ own_slices("own_mentions", {"overall": "'all'", "network": "network"}) }}),

    own_counted as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            own_sliced.slice_kind,
            own_sliced.slice_value,
            sum(own_sliced.engagements) filter (
                where
                    own_sliced.sentiment = 'positive'
                    and own_sliced.engagements is not null
                    and own_sliced.impressions is not null
            ) as loving_engagements,
            sum(own_sliced.impressions) filter (
                where
                    own_sliced.sentiment = 'positive'
                    and own_sliced.engagements is not null
                    and own_sliced.impressions is not null
            ) as loving_impressions,
            count(*) filter (
                where
                    own_sliced.sentiment = 'positive'
                    and own_sliced.engagements is not null
                    and own_sliced.impressions is not null
            ) as loving_mentions,
            count(*) filter (
                where own_sliced.directedness = 'about_us' and not own_sliced.is_repost
            ) as about_us,
            count(*) filter (
                where
                    own_sliced.directedness = 'about_us'
                    and not own_sliced.is_repost
                    and own_sliced.is_answered
            ) as about_us_answered
        from own_sliced
        inner join period_days on period_days.date_on = own_sliced.sent_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            own_sliced.slice_kind,
            own_sliced.slice_value
    ),

    found as (
        select
            mentions.mention_key,
            mentions.author_key,
            mentions.sent_on,
            mentions.network,
            mentions.brand,
            mentions.is_own_brand,
            keywords.keyword,
            keywords.keyword_kind,
            keywords.campaign,
            keywords.is_hashtag
        from keywords
        inner join
            mentions
            on mentions.mention_key = keywords.mention_key
            and mentions.brand = keywords.brand
    ),

    found_sliced as (
        {{
            own_slices(
                "found",
                {
                    "overall": "'all'",
                    "network": "network",
                    "brand": "brand",
                    "keyword": "keyword",
                    "hashtag": "case when is_hashtag then keyword end",
                    "campaign": "campaign",
                },
            )
        }}
    ),

    -- A mention with three of our words is one mention, so mentions are counted and not words.
    found_counted as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            found_sliced.slice_kind,
            found_sliced.slice_value,
            count(distinct found_sliced.mention_key) filter (
                where
                    found_sliced.is_own_brand
                    and found_sliced.keyword_kind in ('company', 'product', 'nickname')
            ) as keyword_mentions,
            count(distinct found_sliced.mention_key) filter (
                where found_sliced.is_own_brand and found_sliced.is_hashtag
            ) as hashtag_mentions,
            count(distinct found_sliced.author_key) filter (
                where found_sliced.is_own_brand and found_sliced.is_hashtag
            ) as hashtag_authors,
            count(distinct found_sliced.mention_key) filter (
                where not found_sliced.is_own_brand and found_sliced.campaign is not null
            ) as buzz_mentions
        from found_sliced
        inner join period_days on period_days.date_on = found_sliced.sent_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            found_sliced.slice_kind,
            found_sliced.slice_value
    ),

    share_counted as (
        select
            period_kind,
            period_start_on,
            case when network = 'all' then 'overall' else 'network' end as slice_kind,
            network as slice_value,
            sum(mentions) as mentions,
            {{ exact_sum("fractional_mentions") }} as fractional_mentions,
            max(brand_mentions) as brand_mentions,
            max(distinct_mentions) as distinct_mentions
        from shares
        where is_own_brand
        group by period_kind, period_start_on, network

        union all

        select
            period_kind,
            period_start_on,
            'brand' as slice_kind,
            brand as slice_value,
            mentions,
            fractional_mentions,
            brand_mentions,
            distinct_mentions
        from shares
        where network = 'all'
    ),

    final as (
        {{
            kpi_rows(
                "own_counted",
                [
                    {
                        "id": "K49",
                        "numerator": "loving_engagements",
                        "denominator": "loving_impressions",
                        "n": "loving_mentions",
                    },
                    {
                        "id": "K52",
                        "numerator": "about_us_answered",
                        "denominator": "about_us",
                    },
                ],
            )
        }}
        union all
        {{
            kpi_rows(
                "found_counted",
                [
                    {"id": "K54", "numerator": "keyword_mentions", "n": "keyword_mentions"},
                    {"id": "K56", "numerator": "hashtag_mentions", "n": "hashtag_mentions"},
                    {
                        "id": "K56_authors",
                        "numerator": "hashtag_authors",
                        "n": "hashtag_mentions",
                    },
                    {"id": "K57", "numerator": "buzz_mentions", "n": "buzz_mentions"},
                ],
            )
        }}
        union all
        {{
            kpi_rows(
                "share_counted",
                [
                    {
                        "id": "K55",
                        "numerator": "mentions",
                        "denominator": "brand_mentions",
                        "n": "distinct_mentions",
                    },
                    {
                        "id": "K55_fractional",
                        "numerator": "fractional_mentions",
                        "denominator": "distinct_mentions",
                    },
                ],
            )
        }}
    )

select *
from final
