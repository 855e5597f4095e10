with
    messages as (select * from {{ ref("fct_messages") }}),

    answers as (select * from {{ ref("int_message_answers") }}),

    final as (
        select
            messages.message_key,

            messages.sent_at,
            messages.sent_on,

            -- Whatever came first, an answer or a like of ours, if it came within three days.
            coalesce(
                answers.answered_at <= {{ add_seconds("messages.sent_at", "259200") }}
                or answers.liked_at <= {{ add_seconds("messages.sent_at", "259200") }},
                false
            ) as is_engaged,
            {{ is_older_than("messages.sent_at", "259200") }} as is_mature
        from messages
        left join answers on answers.message_key = messages.message_key
        where
            messages.direction = 'in'
            and not messages.is_spam
            and not messages.is_own
            and messages.sentiment = 'positive'
    )

select *
from final
