with
    spend as (select * from {{ ref("int_ad_spend") }}),

    final as (
        select
            {{
                surrogate_key(
                    [
                        "date_on",
                        "platform",
                        "network",
                        "channel_group",
                        "campaign_label",
                        "currency",
                    ]
                )
            }} as ad_day_key,
            case
                when campaign_label is not null
                then {{ surrogate_key(["'campaign'", "campaign_label"]) }}
            end as campaign_key,

            date_on,

            platform,
            network,
            channel_group,
            currency,

            {{ exact_sum("spend") }} as spend,
            {{ exact_sum("original_spend") }} as original_spend,
            cast(sum(impressions) as bigint) as impressions,
            cast(sum(clicks) as bigint) as clicks,
            cast(sum(link_clicks) as bigint) as link_clicks,
            {{ exact_sum("reported_conversions") }} as reported_conversions,
            {{ exact_sum("reported_value") }} as reported_value
        from spend
        group by date_on, platform, network, channel_group, campaign_label, currency
    )

select *
from final
