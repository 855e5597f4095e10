with
    messages as (select * from {{ ref("int_messages_collected") }}),

    identities as (
        select 'ringcentral_engage' as source, identities.*
        from {{ ref("stg_ringcentral_engage__identities") }} as identities
    ),

    -- Exports filtered by date leave out people they named earlier, so whoever writes is a contact.
    writers as (
        select
            source,
            contact_id,
            min(contact_key) as contact_key,
            min(network) as network,
            min(sent_at) as first_seen_at,
            max(sent_at) as last_seen_at
        from messages
        where contact_id is not null
        group by source, contact_id
    ),

    final as (
        select
            {{ surrogate_key(["writers.source", "writers.contact_id"]) }} as account_key,
            writers.contact_key,
            writers.source,
            writers.contact_id,
            writers.network,
            writers.first_seen_at,
            writers.last_seen_at,
            coalesce(identities.is_own, false) as is_own,
            case
                when writers.network = 'instagram'
                then identities.instagram_followers
                else identities.x_followers
            end as followers
        from writers
        left join
            identities
            on identities.source = writers.source
            and identities.contact_id = writers.contact_id
    )

select *
from final
