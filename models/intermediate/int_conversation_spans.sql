with
    items as (select * from {{ ref("int_conversation_items") }}),

    segments as (select * from {{ ref("int_conversation_segments") }}),

    changes as (
        select
            conversation_key,
            opened_at as change_at,
            cast(0 as bigint) as position,
            'open' as change_kind
        from segments

        union all

        select
            conversation_key,
            item_at as change_at,
            position,
            case when is_close then 'close' else 'reopen' end as change_kind
        from items
        where is_close or is_reopen
    ),

    followed as (
        select
            *,
            lead(change_at) over (partition by conversation_key order by position) as next_change_at
        from changes
    ),

    spans as (
        select
            {{ surrogate_key(["followed.conversation_key", "followed.position"]) }} as span_key,
            followed.conversation_key,
            followed.position,
            followed.change_at as span_started_at,
            coalesce(followed.next_change_at, segments.ended_at) as span_ended_at,
            followed.change_kind = 'reopen' as is_reopen
        from followed
        inner join segments on segments.conversation_key = followed.conversation_key
        where followed.change_kind in ('open', 'reopen')
    ),

    final as (
        select
            span_key,
            conversation_key,
            span_started_at,
            span_ended_at,
            lead(span_started_at) over (
                partition by conversation_key order by position
            ) as next_span_started_at,
            cast(
                coalesce(
                    sum({{ seconds_between("span_started_at", "span_ended_at") }}) over (
                        partition by conversation_key
                        order by position
                        rows between unbounded preceding and 1 preceding
                    ),
                    0
                ) as bigint
            ) as open_before_s,
            is_reopen
        from spans
    )

select *
from final
