with
    tags as (select * from {{ ref("bridge_message_tags") }} where tag_kind = 'topic'),

    final as (
        select message_tag_key as message_topic_key, message_key, tag_value as topic from tags
    )

select *
from final
