with
    customers as (select * from {{ ref("int_crm_customers") }}),

    identities as (select * from {{ ref("int_crm_identities") }} where not is_ambiguous),

    known as (
        select
            customer_key,
            count(*) as contacts,
            count(*) filter (where is_follower) as follower_contacts,
            min(followed_since_on) filter (where is_follower) as followed_since_on
        from identities
        group by customer_key
    ),

    final as (
        select
            customers.customer_key,

            customers.became_customer_on,
            customers.left_on,
            known.followed_since_on,

            customers.segment,
            customers.is_listed,
            coalesce(known.contacts > 0, false) as has_social_identity,
            coalesce(known.follower_contacts > 0, false) as follows_us
        from customers
        left join known on known.customer_key = customers.customer_key
    )

select *
from final
