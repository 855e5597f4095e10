with
    mentions as (
        select *
        from {{ ref("fct_mentions") }}
        where names_exclusive_term and is_listened and not is_by_us
    ),

    brands as (select * from {{ ref("dim_brand") }}),

    periods as (select * from {{ ref("dim_period") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    -- A period compares the brands that were in the set on all its days, so that no share falls
    -- because a competitor was added half-way.
    compared as (
        select periods.period_kind, periods.period_start_on, brands.brand, brands.is_own_brand
        from periods
        inner join
            brands
            on coalesce(brands.valid_from_on, periods.period_start_on) <= periods.period_start_on
            and coalesce(brands.valid_to_on, periods.period_end_on) >= periods.period_end_on
    ),

    -- First the days of each brand: mentions by brand alone would meet every period.
    compared_days as {{ materialized() }} (
        select compared.period_kind, compared.period_start_on, compared.brand, period_days.date_on
        from compared
        inner join
            period_days
            on period_days.period_kind = compared.period_kind
            and period_days.period_start_on = compared.period_start_on
    ),

    named as (
        select
            compared_days.period_kind,
            compared_days.period_start_on,
            mentions.*,
            count(*) over (
                partition by
                    compared_days.period_kind, compared_days.period_start_on, mentions.mention_key
            ) as compared_brands
        from mentions
        inner join
            compared_days
            on compared_days.date_on = mentions.sent_on
            and compared_days.brand = mentions.brand
    ),

    sliced as ({{ own_slices("named", {"overall": "'all'", "network": "network"}) }}),

    totals as (
        select
            period_kind,
            period_start_on,
            slice_kind,
            slice_value,
            count(*) as brand_mentions,
            count(distinct mention_key) as distinct_mentions
        from sliced
        group by period_kind, period_start_on, slice_kind, slice_value
    ),

    counted as (
        select
            period_kind,
            period_start_on,
            slice_kind,
            slice_value,
            brand,
            count(*) as mentions,
            {{ exact_sum("1.0 / compared_brands") }} as fractional_mentions,
            count(distinct author_key) as unique_authors,
            count(*) filter (where sentiment = 'positive') as positive_mentions,
            count(*) filter (where sentiment = 'neutral') as neutral_mentions,
            count(*) filter (where sentiment = 'negative') as negative_mentions,
            sum(engagements) as engagements
        from sliced
        group by period_kind, period_start_on, slice_kind, slice_value, brand
    ),

    -- A brand nobody names has a share of nought where anybody names another.
    filled as (
        select
            totals.*,
            compared.brand,
            compared.is_own_brand,
            coalesce(counted.mentions, 0) as mentions,
            coalesce(counted.fractional_mentions, 0) as fractional_mentions,
            coalesce(counted.unique_authors, 0) as unique_authors,
            coalesce(counted.positive_mentions, 0) as positive_mentions,
            coalesce(counted.neutral_mentions, 0) as neutral_mentions,
            coalesce(counted.negative_mentions, 0) as negative_mentions,
            counted.engagements
        from totals
        inner join
            compared
            on compared.period_kind = totals.period_kind
            and compared.period_start_on = totals.period_start_on
        left join
            counted
            on counted.period_kind = totals.period_kind
            and counted.period_start_on = totals.period_start_on
            and counted.slice_kind = totals.slice_kind
            and counted.slice_value = totals.slice_value
            and counted.brand = compared.brand
    ),

    final as (
        select
            {{
                surrogate_key(
                    ["period_kind", "period_start_on", "slice_kind", "slice_value", "brand"]
                )
            }} as share_key,

            period_kind,
            period_start_on,

            case when slice_kind = 'network' then slice_value else 'all' end as network,
            brand,
            is_own_brand,

            mentions,
            fractional_mentions,
            brand_mentions,
            distinct_mentions,
            mentions / brand_mentions as share_any,
            fractional_mentions / distinct_mentions as share_fractional,
            unique_authors,
            positive_mentions,
            neutral_mentions,
            negative_mentions,
            (positive_mentions - negative_mentions)
            / nullif(positive_mentions + neutral_mentions + negative_mentions, 0) as net_sentiment,
            cast(engagements as bigint) as engagements
        from filled
    )

select *
from final
