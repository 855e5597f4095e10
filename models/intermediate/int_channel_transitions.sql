with
    touches as (
        select *
        from {{ ref("int_journey_touches") }}
        where
            is_in_estimate
            and before_us <= cast({{ var("attribution_lookback_s") }} as bigint) * 1000000
    ),

    told as (
        select
            *,
            max(case when is_source_known then 1 else 0 end) over (
                partition by journey_key
            ) as has_known_touch
        from touches
    ),

    eligible as (select * from told where is_source_known or has_known_touch = 0),

    steps as (
        select
            *,
            lag(channel_state) over (partition by journey_key order by session_number) as came_from,
            lead(channel_state) over (partition by journey_key order by session_number) as went_to
        from eligible
    ),

    entered as (
        select
            quarter_start_on,
            '(start)' as from_state,
            channel_state as to_state,
            count(*) as transitions
        from steps
        where came_from is null
        group by quarter_start_on, channel_state
    ),

    moved as (
        select
            quarter_start_on,
            channel_state as from_state,
            case
                when went_to is not null
                then went_to
                when conversion_key is not null
                then '(conversion)'
                else '(null)'
            end as to_state,
            count(*) as transitions
        from steps
        group by quarter_start_on, 2, 3
    ),

    united as (
        select *
        from entered
        union all
        select *
        from moved
    ),

    final as (
        select
            {{ surrogate_key(["quarter_start_on", "from_state", "to_state"]) }} as transition_key,

            quarter_start_on,

            from_state,
            to_state,

            transitions
        from united
    )

select *
from final
