with
    attribution as (select * from {{ ref("fct_attribution") }} where is_primary),

    credits as (
        select
            converted_on as date_on,
            model,
            channel_group,
            coalesce(network, 'none') as network,
            is_social,
            {{ exact_sum("credit", digits=18) }} as conversions,
            {{ exact_sum("credited_value", digits=18) }} as revenue
        from attribution
        group by converted_on, model, channel_group, coalesce(network, 'none'), is_social
    ),

    final as (
        select
            {{ surrogate_key(["date_on", "model", "channel_group", "network"]) }}
            as attribution_day_key,

            date_on,

            model,
            channel_group,
            network,
            is_social,

            conversions,
            revenue
        from credits
    )

select *
from final
