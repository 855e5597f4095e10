with
    copies as (select * from {{ ref("int_messages_collected") }}),

    shared as (
        select message_key
        from copies
        group by message_key
        having count(distinct tool_thread_key) > 1
    ),

    final as (
        select distinct
            {{ surrogate_key(["copies.message_key", "copies.tool_thread_key"]) }}
            as thread_link_key,
            copies.message_key,
            copies.tool_thread_key
        from copies
        inner join shared on shared.message_key = copies.message_key
    )

select *
from final
