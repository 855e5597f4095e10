with
    memberships as (select * from {{ ref("int_vip_memberships") }}),

    final as (
        select contact_vip_key, contact_key, list_name, valid_from_at, valid_to_at from memberships
    )

select *
from final
