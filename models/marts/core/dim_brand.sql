with
    brands as (select * from {{ ref("brands") }}),

    final as (
        select brand, name as brand_name, is_own as is_own_brand, valid_from_on, valid_to_on
        from brands
    )

select *
from final
