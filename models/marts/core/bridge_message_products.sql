with
    tags as (select * from {{ ref("bridge_message_tags") }} where tag_kind = 'product'),

    final as (
        select message_tag_key as message_product_key, message_key, tag_value as product from tags
    )

select *
from final
