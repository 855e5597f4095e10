with
    identities as (select * from {{ ref("stg_crm__customers") }}),

    network_aliases as (select * from {{ ref("network_aliases") }}),

    named as (
        select identities.*, coalesce(network_aliases.network, identities.network_word) as network
        from identities
        left join network_aliases on network_aliases.alias = identities.network_word
        where identities.network_word is not null and identities.native_contact_id is not null
    ),

    -- Two words for one network make one identity.
    deduplicated as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by natural_customer_id, network, native_contact_id
                        order by file_row desc, customer_identity_key
                    ) as place
                from named
            )
        where place = 1
    ),

    -- Whose a contact is that two customers claim, nobody can say: it is no customer's.
    final as (
        select
            {{ surrogate_key(["'crm'", "natural_customer_id", "network", "native_contact_id"]) }}
            as customer_contact_key,
            {{ surrogate_key(["'crm'", "natural_customer_id"]) }} as customer_key,
            {{ surrogate_key(["network", "native_contact_id"]) }} as contact_key,

            followed_since_on,

            network,

            coalesce(is_follower, false) as is_follower,
            count(*) over (partition by network, native_contact_id) > 1 as is_ambiguous
        from deduplicated
    )

select *
from final
