with
    conversations as (select * from {{ ref("fct_conversations") }}),

    tags as (select * from {{ ref("bridge_conversation_tags") }}),

    sliced as (
        select conversation_key, 'overall' as slice_kind, 'all' as slice_value
        from conversations

        union all

        select conversation_key, 'network' as slice_kind, network as slice_value
        from conversations

        union all

        select conversation_key, tag_kind as slice_kind, tag_value as slice_value
        from tags
    ),

    final as (
        select
            {{ surrogate_key(["conversation_key", "slice_kind", "slice_value"]) }}
            as conversation_slice_key,
            sliced.*
        from sliced
    )

select *
from final
