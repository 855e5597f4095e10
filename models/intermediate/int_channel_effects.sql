{%- set most = var("attribution_max_states") -%}

with
    transitions as (select * from {{ ref("int_channel_transitions") }}),

    counted as (
        select quarter_start_on, from_state as channel_state, sum(transitions) as touches
        from transitions
        where from_state <> '(start)'
        group by quarter_start_on, from_state
    ),

    ranked as (
        select
            *,
            row_number() over (
                partition by quarter_start_on order by touches desc, channel_state
            ) as place
        from counted
    ),

    -- The rarest channels of a quarter with very many share the last number, and an effect.
    states as (
        select
            quarter_start_on,
            channel_state,
            touches,
            case when place < {{ most }} then place else {{ most }} end as state_number
        from ranked
    ),

    numbered as (
        select
            transitions.quarter_start_on,
            coalesce(origins.state_number, 0) as origin,
            -- The start has number 0 among the rows, the conversion among the columns.
            coalesce(targets.state_number, 0) as target,
            transitions.to_state <> '(null)' as is_counted,
            transitions.transitions
        from transitions
        left join
            states as origins
            on origins.quarter_start_on = transitions.quarter_start_on
            and origins.channel_state = transitions.from_state
        left join
            states as targets
            on targets.quarter_start_on = transitions.quarter_start_on
            and targets.channel_state = transitions.to_state
    ),

    leaving as (
        select quarter_start_on, origin, sum(transitions) as transitions
        from numbered
        group by quarter_start_on, origin
    ),

    chances as (
        select
            numbered.quarter_start_on,
            numbered.origin,
            numbered.target,
            cast(sum(numbered.transitions) as double) / max(leaving.transitions) as chance
        from numbered
        inner join
            leaving
            on leaving.quarter_start_on = numbered.quarter_start_on
            and leaving.origin = numbered.origin
        where numbered.is_counted
        group by numbered.quarter_start_on, numbered.origin, numbered.target
    ),

    numbers as (
        select distinct quarter_start_on, state_number
        from states
        union all
        select distinct quarter_start_on, 0 as state_number
        from states
    ),

    -- One less the chances of each step. Its inverse says how often a journey that is in one
    -- channel will be in another; start and conversion ride along and become what is asked for.
    matrix_0 as (
        select
            origins.quarter_start_on,
            origins.state_number as row_number,
            targets.state_number as column_number,
            case
                when origins.state_number = targets.state_number and origins.state_number > 0
                then cast(1 as double)
                else cast(0 as double)
            end
            - coalesce(chances.chance, 0) as cell
        from numbers as origins
        inner join numbers as targets on targets.quarter_start_on = origins.quarter_start_on
        left join
            chances
            on chances.quarter_start_on = origins.quarter_start_on
            and chances.origin = origins.state_number
            and chances.target = targets.state_number
    ),
    {% for pivot in range(1, most + 1) %}

        matrix_{{ pivot }} as {{ materialized() }} (
            {{ pivoted_cells("matrix_" ~ (pivot - 1), "quarter_start_on", pivot) }}
        ),
    {% endfor %}

    -- How often a journey is in a channel, how likely it converts from there, and how often it
    -- comes back.
    solved as (
        select
            quarter_start_on,
            case when row_number = 0 then column_number else row_number end as state_number,
            max(case when row_number = 0 then cell end) as visits_a_journey,
            max(case when column_number = 0 then 0 - cell end) as conversion_chance,
            max(case when row_number = column_number then cell end) as visits_once_there
        from matrix_{{ most }}
        where
            (row_number = column_number or row_number = 0 or column_number = 0)
            and row_number + column_number > 0
        group by quarter_start_on, case when row_number = 0 then column_number else row_number end
    ),

    whole as (
        select quarter_start_on, 0 - cell as journey_conversion_chance
        from matrix_{{ most }}
        where row_number = 0 and column_number = 0
    ),

    -- Without a channel every journey that would reach it is lost there, and with it the chance of
    -- a conversion from there.
    final as (
        select
            {{ surrogate_key(["states.quarter_start_on", "states.channel_state"]) }}
            as channel_effect_key,

            states.quarter_start_on,

            states.channel_state,
            states.state_number,

            cast(states.touches as bigint) as touches,
            whole.journey_conversion_chance,
            solved.visits_a_journey / solved.visits_once_there as reach_chance,
            solved.conversion_chance,
            coalesce(
                solved.visits_a_journey
                / solved.visits_once_there
                * solved.conversion_chance
                / nullif(whole.journey_conversion_chance, 0),
                0
            ) as removal_effect
        from states
        inner join
            solved
            on solved.quarter_start_on = states.quarter_start_on
            and solved.state_number = states.state_number
        inner join whole on whole.quarter_start_on = states.quarter_start_on
    )

select *
from final
