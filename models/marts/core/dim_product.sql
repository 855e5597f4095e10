with
    described as (select * from {{ ref("tags") }}),

    profiles as (select * from {{ ref("int_profiles") }}),

    found as (
        select value as tag_value
        from described
        where kind = 'product'
        union
        select product as tag_value
        from profiles
        where product is not null
        union
        select 'untagged' as tag_value
    ),

    final as (select tag_value as product, tag_value <> 'untagged' as is_tagged from found)

select *
from final
