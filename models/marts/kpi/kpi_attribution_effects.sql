with
    effects as (select * from {{ ref("int_channel_effects") }}),

    attribution as (
        select * from {{ ref("fct_attribution") }} where is_primary and session_key is not null
    ),

    sessions as (select * from {{ ref("fct_web_sessions") }}),

    -- What the state of a channel is made of.
    channels as (
        select distinct
            {{ channel_state("channel_group", "network") }} as channel_state,
            channel_group,
            network,
            is_social
        from sessions
    ),

    credits as (
        select
            {{ quarter_start("converted_on") }} as quarter_start_on,
            {{ channel_state("channel_group", "network") }} as channel_state,
            {{ exact_sum("credit", "model= 'markov'", digits=18) }} as markov_conversions,
            {{ exact_sum("credit", "model= 'shapley'", digits=18) }} as shapley_conversions
        from attribution
        where model in ('markov', 'shapley')
        group by
            {{ quarter_start("converted_on") }}, {{ channel_state("channel_group", "network") }}
    ),

    final as (
        select
            effects.channel_effect_key,

            effects.quarter_start_on,

            channels.channel_group,
            coalesce(channels.network, 'none') as network,
            channels.is_social,

            effects.touches,
            effects.journey_conversion_chance,
            effects.reach_chance,
            effects.conversion_chance,
            effects.removal_effect,
            effects.removal_effect / nullif(
                cast(
                    sum(cast(effects.removal_effect as decimal(38, 18))) over (
                        partition by effects.quarter_start_on
                    ) as double
                ),
                0
            ) as removal_effect_share,
            coalesce(credits.markov_conversions, 0) as markov_conversions,
            coalesce(credits.shapley_conversions, 0) as shapley_conversions,
            coalesce(credits.shapley_conversions, 0) / nullif(
                cast(
                    sum(cast(credits.shapley_conversions as decimal(38, 18))) over (
                        partition by effects.quarter_start_on
                    ) as double
                ),
                0
            ) as shapley_share
        from effects
        inner join channels on channels.channel_state = effects.channel_state
        left join
            credits
            on credits.quarter_start_on = effects.quarter_start_on
            and credits.channel_state = effects.channel_state
    )

select *
from final
