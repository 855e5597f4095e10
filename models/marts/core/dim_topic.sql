with
    described as (select * from {{ ref("tags") }}),

    found as (
        select value as tag_value
        from described
        where kind = 'topic'
        union
        select 'untagged' as tag_value
    ),

    final as (select tag_value as topic, tag_value <> 'untagged' as is_tagged from found)

select *
from final
