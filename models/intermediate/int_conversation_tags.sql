with
    segments as (select * from {{ ref("int_conversation_segments") }}),

    items as (select * from {{ ref("int_conversation_items") }}),

    message_tags as (select * from {{ ref("int_message_tags") }}),

    interventions as (select * from {{ ref("stg_ringcentral_engage__interventions") }}),

    tags as (select * from {{ ref("tags") }}),

    from_messages as (
        select
            items.conversation_key, message_tags.tag, message_tags.tag_kind, message_tags.tag_value
        from items
        inner join message_tags on message_tags.message_key = items.item_key
    ),

    split as (
        select
            {{ surrogate_key(["'ringcentral_engage'", "thread_id"]) }} as thread_key,
            opened_at,
            {{ split_rows("tags_text", "','") }} as tag_text
        from interventions
        where tags_text is not null
    ),

    -- A handling episode tags the conversation in force when it began.
    from_interventions as (
        select
            segments.conversation_key,
            lower(trim(split.tag_text)) as tag,
            coalesce(tags.kind, 'other') as tag_kind,
            coalesce(tags.value, lower(trim(split.tag_text))) as tag_value
        from split
        inner join
            segments
            on segments.thread_key = split.thread_key
            and (split.opened_at >= segments.segment_started_at or segments.segment_number = 1)
            and split.opened_at < coalesce(segments.segment_ends_before_at, {{ far_future() }})
        left join tags on tags.tag = lower(trim(split.tag_text))
        where trim(split.tag_text) <> ''
    ),

    final as (
        select distinct conversation_key, tag, tag_kind, tag_value
        from
            (
                select *
                from from_messages
                union all
                select *
                from from_interventions
            ) as tagged
    )

select *
from final
