with
    identities as (select * from {{ ref("stg_crm__customers") }}),

    claims as (
        select distinct natural_user_id, natural_customer_id
        from identities
        where natural_user_id is not null
    ),

    -- A login that two customers share leads to neither.
    final as (
        select
            {{ surrogate_key(["'user'", "natural_user_id"]) }} as user_key,
            {{ surrogate_key(["'crm'", "min(natural_customer_id)"]) }} as customer_key,
            natural_user_id
        from claims
        group by natural_user_id
        having count(*) = 1
    )

select *
from final
