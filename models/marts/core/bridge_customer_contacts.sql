with
    identities as (select * from {{ ref("int_crm_identities") }}),

    final as (
        select
            customer_contact_key,
            customer_key,
            contact_key,

            followed_since_on,

            network,
            is_follower,
            is_ambiguous
        from identities
    )

select *
from final
