with
    tags as (select * from {{ ref("bridge_conversation_tags") }} where tag_kind = 'topic'),

    final as (
        select conversation_tag_key as conversation_topic_key, conversation_key, tag_value as topic
        from tags
    )

select *
from final
