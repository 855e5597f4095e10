with
    tags as (select * from {{ ref("bridge_conversation_tags") }} where tag_kind = 'product'),

    final as (
        select
            conversation_tag_key as conversation_product_key, conversation_key, tag_value as product
        from tags
    )

select *
from final
