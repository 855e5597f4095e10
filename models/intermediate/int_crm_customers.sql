with
    identities as (select * from {{ ref("stg_crm__customers") }}),

    orders as (select * from {{ ref("int_crm_orders") }}),

    -- Rows of one file that contradict each other are settled by the last one that says
    -- anything.
    listed as (
        select
            {{ surrogate_key(["'crm'", "natural_customer_id"]) }} as customer_key,
            max_by(became_customer_on, file_row) filter (
                where became_customer_on is not null
            ) as became_customer_on,
            max_by(left_on, file_row) filter (where left_on is not null) as left_on,
            max_by(segment, file_row) filter (where segment is not null) as segment
        from identities
        group by natural_customer_id
    ),

    bought as (
        select customer_key, min(ordered_on) filter (where is_sale) as first_sale_on
        from orders
        where customer_key is not null
        group by customer_key
    ),

    -- Who ordered is a customer, in the list or not.
    final as (
        select
            coalesce(listed.customer_key, bought.customer_key) as customer_key,

            coalesce(listed.became_customer_on, bought.first_sale_on) as became_customer_on,
            listed.left_on,

            listed.segment,
            listed.customer_key is not null as is_listed
        from listed
        full outer join bought on bought.customer_key = listed.customer_key
    )

select *
from final
