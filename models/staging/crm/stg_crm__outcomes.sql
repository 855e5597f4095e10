with
    known as (
        select *
        from {{ stream("crm", "outcomes") }}
        where {{ is_exported() }} and created_at <= {{ as_of() }}
    ),

    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by lead_id order by {{ latest_version_first() }}
                    ) as place
                from known
            )
        where place = 1
    ),

    -- A sale that is noted for a later time is still open.
    final as (
        select
            {{ surrogate_key(["'crm'", "lead_id"]) }} as outcome_key,
            lead_id as natural_lead_id,
            quote_id as natural_quote_id,
            nullif(trim(order_id), '') as natural_order_id,

            created_at,
            sale_at as sold_at,

            backend_user_id as natural_user_id,

            lower(trim(status)) = 'won'
            and coalesce(sale_at, created_at) <= {{ as_of() }} as is_won,
            {{ currency_code("currency") }} as currency,

            revenue
        from latest
    )

select *
from final
