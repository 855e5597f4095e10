with
    accounts as (select * from {{ ref("int_contact_accounts") }}),

    -- One person in two inboxes is one contact, if both know the network's own id.
    final as (
        select
            contact_key,
            min(network) as network,
            min(first_seen_at) as first_seen_at,
            max(last_seen_at) as last_seen_at,
            count(*) as accounts,
            count(*) filter (where is_own) > 0 as is_own,
            max(followers) as followers
        from accounts
        group by contact_key
    )

select *
from final
