with
    known as (
        select *
        from {{ stream("crm", "orders") }}
        where {{ is_exported() }} and ordered_at <= {{ as_of() }}
    ),

    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by order_id order by {{ latest_version_first() }}
                    ) as place
                from known
            )
        where place = 1
    ),

    final as (
        select
            {{ surrogate_key(["'crm'", "order_id"]) }} as order_key,
            order_id as natural_order_id,

            ordered_at,
            case when refunded_at <= {{ as_of() }} then refunded_at end as refunded_at,

            customer_id as natural_customer_id,
            web_user_id as natural_user_id,

            -- A list without a status is one of sales. What is given back after the as-of instant
            -- is not known yet: until then the order is a paid one.
            case
                when refunded_at > {{ as_of() }} and status in ('refunded', 'partially_refunded')
                then 'paid'
                else coalesce(status, 'paid')
            end as status,
            {{ currency_code("currency") }} as currency,

            amount,
            -- "Refunded" without an amount is all of it, and more than all is no refund of this
            -- order.
            case
                when refunded_at > {{ as_of() }}
                then 0.0
                when status = 'refunded'
                then least(coalesce(refunded_amount, amount), amount)
                else least(coalesce(refunded_amount, 0.0), amount)
            end as refunded_amount
        from latest
    )

select *
from final
