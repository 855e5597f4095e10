with
    spend as (select * from {{ ref("fct_ad_spend") }}),

    costs as (select * from {{ ref("fct_costs") }} where role = 'ads'),

    platforms as (select * from {{ ref("ad_platforms") }}),

    exported as (
        select distinct platform, cast(date_trunc('month', date_on) as date) as month_on from spend
    ),

    -- Finance books in a month what a platform tells by day: money that both tell is told once, by
    -- the platform.
    booked as (
        select
            costs.cost_key,
            costs.campaign_key,
            costs.month_on,
            coalesce(platforms.platform, {{ clean_label("costs.channel") }}, 'unknown') as platform,
            platforms.network,
            coalesce(platforms.channel_group, 'Paid Other') as channel_group,
            costs.amount_reporting
        from costs
        left join platforms on platforms.word = {{ clean_label("costs.channel") }}
    ),

    only_booked as (
        select booked.*
        from booked
        left join
            exported on exported.platform = booked.platform and exported.month_on = booked.month_on
        where exported.platform is null
    ),

    final as (
        select
            ad_day_key as ad_cost_key,
            campaign_key,
            date_on,
            'platform' as basis,
            platform,
            network,
            channel_group,
            spend as cost
        from spend

        union all

        select
            cost_key as ad_cost_key,
            campaign_key,
            month_on as date_on,
            'booked' as basis,
            platform,
            network,
            channel_group,
            amount_reporting as cost
        from only_booked
    )

select *
from final
