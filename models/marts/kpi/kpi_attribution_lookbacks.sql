with
    credits as (select * from {{ ref("kpi_attribution_sensitivity") }}),

    added as (
        select
            quarter_start_on,
            lookback_days,
            model,
            {{ exact_sum("conversions", digits=18) }} as conversions,
            coalesce(
                {{ exact_sum("conversions", where="is_social", digits=18) }}, 0.0
            ) as social_conversions,
            coalesce(
                {{ exact_sum("conversions", where="channel_group = 'Unattributed'", digits=18) }},
                0.0
            ) as unattributed_conversions,
            {{ exact_sum("revenue", where="is_social", digits=18) }} as social_revenue
        from credits
        group by quarter_start_on, lookback_days, model
    ),

    final as (
        select
            {{ surrogate_key(["quarter_start_on", "lookback_days", "model"]) }} as lookback_key,

            quarter_start_on,

            lookback_days,
            model,

            conversions,
            social_conversions,
            unattributed_conversions,
            social_conversions / nullif(conversions, 0) as social_share,
            social_revenue
        from added
    )

select *
from final
