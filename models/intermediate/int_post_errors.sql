with
    messages as (select * from {{ ref("int_messages_unioned") }}),

    tagged as (select * from {{ ref("int_message_tags") }} where tag_kind = 'content_error'),

    posts as (select * from {{ ref("int_posts_described") }}),

    -- A post and our message in an inbox are one by the network's own id.
    published as (
        select messages.message_key as post_key, messages.thread_key, messages.sent_at
        from messages
        inner join posts on posts.post_key = messages.message_key
        where messages.direction = 'out'
    ),

    comments as (
        select distinct
            messages.message_key,
            messages.thread_key,
            messages.in_reply_to_message_key,
            messages.sent_at
        from messages
        inner join tagged on tagged.message_key = messages.message_key
        where messages.direction = 'in'
    ),

    -- Our answers in the thread may be posts too: the fault is that of the post answered, else of
    -- the first of the thread.
    found as (
        select
            comments.message_key,
            published.post_key,
            row_number() over (
                partition by comments.message_key
                order by
                    case
                        when published.post_key = comments.in_reply_to_message_key then 0 else 1
                    end,
                    published.sent_at,
                    published.post_key
            ) as preference
        from comments
        inner join published on published.thread_key = comments.thread_key
    ),

    final as (
        select post_key, count(*) as comments from found where preference = 1 group by post_key
    )

select *
from final
