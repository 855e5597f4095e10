with
    conversations as (select * from {{ ref("fct_conversations") }}),

    tags as (select * from {{ ref("bridge_conversation_tags") }}),

    raw_tags as (select distinct conversation_key, tag from {{ ref("int_conversation_tags") }}),

    profiles as (select * from {{ ref("dim_profile") }}),

    own as (
        {{
            own_slices(
                "conversations",
                {
                    "overall": "'all'",
                    "network": "network",
                    "message_type": "message_type",
                    "visibility": "visibility",
                    "vip": vip_word("is_vip"),
                    "priority": "priority",
                },
            )
        }}
    ),

    final as (
        select conversation_key, slice_kind, slice_value
        from own

        union all

        select conversation_key, tag_kind as slice_kind, tag_value as slice_value
        from tags
        where tag_kind in ('product', 'topic')

        union all

        -- What has two products and one topic is in both pairs.
        select
            products.conversation_key,
            'product_topic' as slice_kind,
            products.tag_value || ' × ' || topics.tag_value as slice_value
        from tags as products
        inner join
            tags as topics
            on topics.conversation_key = products.conversation_key
            and topics.tag_kind = 'topic'
        where products.tag_kind = 'product'

        union all

        select conversation_key, 'tag' as slice_kind, tag as slice_value
        from raw_tags

        union all

        select
            conversations.conversation_key,
            'profile' as slice_kind,
            coalesce(profiles.profile_name, conversations.profile_key) as slice_value
        from conversations
        left join profiles on profiles.profile_key = conversations.profile_key
    )

select *
from final
where slice_value is not null
