with
    costs as (select * from {{ ref("stg_costs__monthly") }}),

    final as (
        select
            {{ surrogate_key(["month_on", "category", "channel", "campaign", "currency"]) }}
            as cost_key,
            case
                when {{ clean_label("campaign") }} is not null
                then {{ surrogate_key(["'campaign'", clean_label("campaign")]) }}
            end as campaign_key,

            month_on,

            category,
            channel,
            campaign,
            currency,

            cast(sum(amount) as double) as amount,
            count(*) as cost_lines
        from costs
        group by month_on, category, channel, campaign, currency
    )

select *
from final
