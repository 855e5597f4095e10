with
    messages as (select * from {{ ref("fct_messages") }}),

    tags as (select * from {{ ref("bridge_message_tags") }}),

    sliced as (
        select message_key, 'overall' as slice_kind, 'all' as slice_value
        from messages

        union all

        select message_key, 'network' as slice_kind, network as slice_value
        from messages

        union all

        select message_key, tag_kind as slice_kind, tag_value as slice_value
        from tags
    ),

    final as (
        select
            {{ surrogate_key(["message_key", "slice_kind", "slice_value"]) }} as message_slice_key,
            sliced.*
        from sliced
    )

select *
from final
