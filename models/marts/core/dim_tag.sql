with
    described as (select * from {{ ref("tags") }}),

    message_tags as (select * from {{ ref("int_message_tags") }}),

    conversation_tags as (select * from {{ ref("int_conversation_tags") }}),

    found as (
        select tag, kind as tag_kind, value as tag_value
        from described
        union
        select tag, tag_kind, tag_value
        from message_tags
        union
        select tag, tag_kind, tag_value
        from conversation_tags
    ),

    final as (select tag, tag_kind, tag_value, tag_kind <> 'other' as is_described from found)

select *
from final
