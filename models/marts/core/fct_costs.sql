with
    costs as (select * from {{ ref("int_costs_labelled") }}),

    final as (
        select
            {{ surrogate_key(["month_on", "category", "channel", "campaign", "currency"]) }}
            as cost_key,
            case
                when campaign_label is not null
                then {{ surrogate_key(["'campaign'", "campaign_label"]) }}
            end as campaign_key,

            month_on,

            category,
            channel,
            campaign,
            role,
            contact_channel,
            currency,

            {{ exact_sum("amount") }} as amount,
            {{ exact_sum("amount_reporting") }} as amount_reporting,
            count(*) as cost_lines
        from costs
        group by
            month_on, category, channel, campaign, campaign_label, role, contact_channel, currency
    )

select *
from final
