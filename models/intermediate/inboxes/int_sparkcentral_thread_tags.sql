with
    conversations as (select * from {{ ref("int_sparkcentral_conversations") }}),

    taggings as (select * from {{ ref("stg_sparkcentral__tags") }}),

    -- The export of tags knows when each was put on and taken off; where it has a conversation, the
    -- tags beside the conversation, as of its export, add nothing.
    tagged as (select distinct thread_id from taggings),

    final as (
        select
            'sparkcentral' as source,
            thread_id,
            tagged_at as opened_at,
            removed_at,
            tag as tags_text
        from taggings

        union all

        select
            'sparkcentral' as source,
            conversations.thread_id,
            conversations.opened_at,
            cast(null as timestamp) as removed_at,
            case
                when tagged.thread_id is null
                then concat_ws(',', conversations.topic, conversations.tags_text)
                else conversations.topic
            end as tags_text
        from conversations
        left join tagged on tagged.thread_id = conversations.thread_id
        where
            conversations.topic is not null
            or (tagged.thread_id is null and conversations.tags_text is not null)
    )

select *
from final
