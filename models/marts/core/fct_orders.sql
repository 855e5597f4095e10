with
    orders as (select * from {{ ref("int_crm_orders") }}),

    final as (
        select
            order_key,
            customer_key,
            user_key,
            transaction_id,

            ordered_at,
            ordered_on,
            refunded_at,

            status,
            is_sale,
            is_refunded,
            currency,

            gross_value,
            refunded_value,
            value
        from orders
    )

select *
from final
