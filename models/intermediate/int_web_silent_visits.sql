with
    events as (
        select event_key, visitor_key, occurred_at, order_1, order_2, order_3
        from {{ ref("int_web_events") }}
        where visitor_key is not null and natural_session_id is null
    ),

    silences as (
        select
            *,
            {{ seconds_between("lag(occurred_at) over visitor_events", "occurred_at") }}
            as silence_s
        from events
        window
            visitor_events as (
                partition by visitor_key order by occurred_at, order_1, order_2, order_3, event_key
            )
    ),

    numbered as (
        select
            *,
            sum(case when silence_s is null or silence_s >= 1800 then 1 else 0 end) over (
                partition by visitor_key
                order by occurred_at, order_1, order_2, order_3, event_key
                rows between unbounded preceding and current row
            ) as visit_number
        from silences
    ),

    final as (
        select
            event_key,
            visitor_key,
            'silence-' || cast(
                min(occurred_at) over (
                    partition by visitor_key, visit_number
                ) as {{ dbt.type_string() }}
            ) as session_name
        from numbered
    )

select *
from final
