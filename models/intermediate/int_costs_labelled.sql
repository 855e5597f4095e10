with
    costs as (select * from {{ ref("stg_costs__monthly") }}),

    final as (
        select
            cost_line_key,

            month_on,

            category,
            channel,
            campaign,
            {{ clean_label("campaign") }} as campaign_label,

            amount,
            currency
        from costs
    )

select *
from final
