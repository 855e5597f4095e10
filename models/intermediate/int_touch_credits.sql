{%- set journey = "partition by conversion_key, lookback_s" -%}
{%- set among = journey ~ ", is_eligible" -%}

with
    touches as (select * from {{ ref("int_journey_touches") }} where conversion_key is not null),

    effects as (select * from {{ ref("int_channel_effects") }}),

    lookbacks as ({{ attribution_lookback_rows() }}),

    -- The touches of each lookback are a journey of their own.
    within as (
        select
            touches.conversion_key,
            touches.session_key,
            lookbacks.lookback_s,
            touches.quarter_start_on,
            touches.session_number,
            touches.channel_state,
            touches.is_source_known,
            touches.before_us
        from touches
        cross join lookbacks
        where touches.before_us <= lookbacks.lookback_s * 1000000
    ),

    placed as (
        select
            *,
            row_number() over ({{ journey }} order by session_number) as touch_position,
            count(*) over ({{ journey }}) as touches,
            max(case when is_source_known then 1 else 0 end) over ({{ journey }}) as has_known_touch
        from within
    ),

    -- A direct visit tells nothing about who sent the visitor; it earns credit only where there
    -- is nothing else, and as the last touch.
    judged as (
        select
            placed.*,
            case
                when placed.is_source_known or placed.has_known_touch = 0 then 1 else 0
            end as is_eligible,
            -- Each 30 days halve what a touch weighs. Decimals, so that the order of adding them
            -- up decides nothing.
            cast(
                power(
                    cast(0.5 as double),
                    cast(placed.before_us as double) / ({{ var("attribution_half_life_s") }} * 1e6)
                ) as decimal(18, 12)
            ) as decay_weight,
            cast(coalesce(effects.removal_effect, 0) as decimal(18, 12)) as effect_weight
        from placed
        left join
            effects
            on effects.quarter_start_on = placed.quarter_start_on
            and effects.channel_state = placed.channel_state
    ),

    weighed as (
        select
            *,
            row_number() over ({{ among }} order by session_number) as place,
            count(*) over ({{ among }}) as places,
            sum(decay_weight) over ({{ among }}) as decay_weights,
            sum(effect_weight) over ({{ among }}) as effect_weights,
            count(*) over ({{ among }}, channel_state) as touches_of_channel,
            row_number() over ({{ among }}, channel_state order by session_number) as channel_turn
        from judged
    ),

    shared as (
        select *, sum(case when channel_turn = 1 then 1 else 0 end) over ({{ among }}) as channels
        from weighed
    ),

    final as (
        select
            conversion_key,
            session_key,

            lookback_s,

            channel_state,
            touch_position,
            touches,
            before_us,
            is_eligible = 1 as is_eligible,

            case when touch_position = touches then 1.0 else 0.0 end as last_touch_credit,
            case
                when is_eligible = 1 and place = places then 1.0 else 0.0
            end as last_non_direct_credit,
            case when is_eligible = 1 and place = 1 then 1.0 else 0.0 end as first_touch_credit,
            case when is_eligible = 1 then cast(1 as double) / places else 0.0 end as linear_credit,
            case
                when is_eligible = 0
                then 0.0
                when places <= 2
                then cast(1 as double) / places
                when place in (1, places)
                then cast(0.4 as double)
                else cast(0.2 as double) / (places - 2)
            end as position_based_credit,
            case
                when is_eligible = 1
                then cast(decay_weight as double) / cast(decay_weights as double)
                else 0.0
            end as time_decay_credit,
            -- Channels whose removal changes nothing share equally.
            case
                when is_eligible = 0
                then 0.0
                when effect_weights > 0
                then cast(effect_weight as double) / cast(effect_weights as double)
                else cast(1 as double) / places
            end as markov_credit,
            -- A set of channels is worth the conversions it reaches by itself; so those that a
            -- conversion needs share it equally.
            case
                when is_eligible = 1
                then cast(1 as double) / (channels * touches_of_channel)
                else 0.0
            end as shapley_credit
        from shared
    )

select *
from final
