with
    messages as (
        select *
        from {{ ref("fct_messages") }}
        where direction = 'in' and not is_spam and not is_own
    ),

    tags as (select * from {{ ref("bridge_message_tags") }}),

    raw_tags as (select distinct message_key, tag from {{ ref("int_message_tags") }}),

    profiles as (select * from {{ ref("dim_profile") }}),

    sliced as (
        {{
            own_slices(
                "messages",
                {
                    "overall": "'all'",
                    "network": "network",
                    "message_type": "message_type",
                    "visibility": "visibility",
                    "directedness": "directedness",
                    "vip": vip_word("is_vip"),
                },
            )
        }}
    ),

    final as (
        select message_key, slice_kind, slice_value
        from sliced

        union all

        select messages.message_key, tags.tag_kind as slice_kind, tags.tag_value as slice_value
        from messages
        inner join tags on tags.message_key = messages.message_key
        where tags.tag_kind in ('product', 'topic')

        union all

        select
            messages.message_key,
            'product_topic' as slice_kind,
            products.tag_value || ' × ' || topics.tag_value as slice_value
        from messages
        inner join
            tags as products
            on products.message_key = messages.message_key
            and products.tag_kind = 'product'
        inner join
            tags as topics
            on topics.message_key = messages.message_key
            and topics.tag_kind = 'topic'

        union all

        select messages.message_key, 'tag' as slice_kind, raw_tags.tag as slice_value
        from messages
        inner join raw_tags on raw_tags.message_key = messages.message_key

        union all

        select
            messages.message_key,
            'profile' as slice_kind,
            coalesce(profiles.profile_name, messages.profile_key) as slice_value
        from messages
        inner join profiles on profiles.profile_key = messages.profile_key
    )

select *
from final
