with
    segments as (select * from {{ ref("int_conversation_segments") }}),

    items as (select * from {{ ref("int_conversation_items") }}),

    message_tags as (select * from {{ ref("int_message_tags") }}),

    thread_tags as (select * from {{ ref("int_thread_tags_unioned") }}),

    from_messages as (
        select
            items.conversation_key, message_tags.tag, message_tags.tag_kind, message_tags.tag_value
        from items
        inner join message_tags on message_tags.message_key = items.item_key
    ),

    -- A tag of a thread belongs to the conversation in force when it was set.
    from_threads as (
        select
            segments.conversation_key, thread_tags.tag, thread_tags.tag_kind, thread_tags.tag_value
        from thread_tags
        inner join
            segments
            on segments.thread_key = thread_tags.thread_key
            and (
                thread_tags.opened_at >= segments.segment_started_at or segments.segment_number = 1
            )
            and thread_tags.opened_at
            < coalesce(segments.segment_ends_before_at, {{ far_future() }})
    ),

    final as (
        select distinct conversation_key, tag, tag_kind, tag_value
        from
            (
                select *
                from from_messages
                union all
                select *
                from from_threads
            ) as tagged
    )

select *
from final
