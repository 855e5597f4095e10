with
    messages as (select * from {{ ref("fct_messages") }}),

    tags as (select * from {{ ref("bridge_message_tags") }}),

    contents as (select * from {{ ref("int_message_contents") }}),

    posts as (
        select messages.*
        from messages
        inner join tags on tags.message_key = messages.message_key
        where
            messages.direction = 'in'
            and not messages.is_spam
            and not messages.is_own
            and tags.tag_kind = 'topic'
            and tags.tag_value = 'course_certificate'
    ),

    answers as (select * from messages where direction = 'out' and not is_bot),

    -- The first thing a person on our side wrote after the post in its conversation.
    answered as (
        select
            posts.message_key,
            min_by(answers.message_key, answers.thread_position) as answer_message_key,
            min_by(answers.sent_at, answers.thread_position) as answered_at
        from posts
        inner join
            answers
            on answers.conversation_key = posts.conversation_key
            and answers.thread_key = posts.thread_key
            and answers.thread_position > posts.thread_position
        group by posts.message_key
    ),

    final as (
        select
            posts.message_key,
            answered.answer_message_key,

            posts.sent_on as posted_on,
            answered.answered_at,

            posts.network,
            contents.content,
            answered.message_key is not null as is_answered
        from posts
        left join answered on answered.message_key = posts.message_key
        left join contents on contents.message_key = answered.answer_message_key
    )

select *
from final
