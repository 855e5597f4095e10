with
    contacts as (select * from {{ ref("int_contacts") }}),

    final as (
        select contact_key, network, first_seen_at, last_seen_at, is_own, followers from contacts
    )

select *
from final
