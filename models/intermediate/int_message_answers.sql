with
    items as (select * from {{ ref("int_conversation_items") }}),

    likes as (
        select message_key, min(item_at) as liked_at
        from items
        where item_kind = 'liked' and not is_automatic and message_key is not null
        group by message_key
    ),

    -- The first thing a person on our side wrote after a message in its conversation, whether or
    -- not the message wanted an answer.
    followed as (
        select
            *,
            min(case when item_kind = 'human' then item_at end) over (
                partition by conversation_key
                order by position
                rows between 1 following and unbounded following
            ) as answered_at
        from items
    ),

    final as (
        select
            followed.message_key, followed.item_at as sent_at, followed.answered_at, likes.liked_at
        from followed
        left join likes on likes.message_key = followed.message_key
        where followed.is_message and followed.item_kind = 'inbound'
    )

select *
from final
