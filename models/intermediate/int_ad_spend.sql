with
    spend as (select * from {{ ref("stg_ad_spend__daily") }}),

    platforms as (select * from {{ ref("ad_platforms") }}),

    campaign_types as (select * from {{ ref("ad_campaign_types") }}),

    network_aliases as (select * from {{ ref("network_aliases") }}),

    rates as (select * from {{ ref("int_exchange_rates") }}),

    -- Where a platform says on which of its networks an advertisement was shown, that is the
    -- network; what it shows elsewhere (Audience Network) is none.
    final as (
        select
            spend.spend_line_key,

            spend.date_on,

            coalesce(platforms.platform, spend.platform_word) as platform,
            case
                when spend.publisher_word is null
                then platforms.network
                else network_aliases.network
            end as network,
            coalesce(
                campaign_types.channel_group, platforms.channel_group, 'Paid Other'
            ) as channel_group,
            spend.campaign,
            {{ clean_label("spend.campaign") }} as campaign_label,

            spend.currency,
            spend.spend as original_spend,
            {{ in_reporting_currency("spend.spend", "rates") }} as spend,
            spend.impressions,
            spend.clicks,
            spend.link_clicks,
            spend.conversions as reported_conversions,
            {{ in_reporting_currency("spend.conversion_value", "rates") }} as reported_value
        from spend
        left join platforms on platforms.word = spend.platform_word
        left join campaign_types on campaign_types.campaign_type = spend.campaign_type
        left join network_aliases on network_aliases.alias = spend.publisher_word
        left join rates on {{ rate_holds("rates", "spend.currency", "spend.date_on") }}
    )

select *
from final
