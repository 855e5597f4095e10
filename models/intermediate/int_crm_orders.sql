with
    orders as (select * from {{ ref("stg_crm__orders") }}),

    outcomes as (select * from {{ ref("stg_crm__outcomes") }} where is_won),

    users as (select * from {{ ref("int_crm_users") }}),

    rates as (select * from {{ ref("int_exchange_rates") }}),

    -- What a lead was sold is an order as well, unless the list of orders has it.
    united as (
        select
            'order' as told_by,
            natural_order_id as natural_id,
            natural_order_id as transaction_id,
            cast(null as {{ dbt.type_string() }}) as quote_id,
            natural_customer_id,
            natural_user_id,
            ordered_at,
            refunded_at,
            status,
            currency,
            amount,
            refunded_amount
        from orders

        union all

        select
            'outcome' as told_by,
            coalesce(natural_order_id, 'lead ' || natural_lead_id) as natural_id,
            natural_order_id as transaction_id,
            natural_quote_id as quote_id,
            cast(null as {{ dbt.type_string() }}) as natural_customer_id,
            natural_user_id,
            coalesce(sold_at, created_at) as ordered_at,
            cast(null as timestamp) as refunded_at,
            'paid' as status,
            currency,
            revenue as amount,
            0.0 as refunded_amount
        from outcomes
    ),

    -- The list of orders tells an order; what it leaves out, the lead tells.
    merged as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    coalesce(
                        quote_id, max(quote_id) over (partition by natural_id)
                    ) as known_quote_id,
                    coalesce(
                        natural_user_id, max(natural_user_id) over (partition by natural_id)
                    ) as known_user_id,
                    row_number() over (
                        partition by natural_id
                        order by
                            case when told_by = 'order' then 0 else 1 end,
                            ordered_at,
                            natural_user_id,
                            amount
                    ) as place
                from united
            )
        where place = 1
    ),

    -- Only what was sold is worth something: an open or cancelled order is nothing yet, or no more.
    -- Subtracted as decimals: a difference of doubles has dust of its own.
    valued as (
        select
            merged.*,
            status in ('paid', 'refunded', 'partially_refunded') as is_sale,
            cast(amount as decimal(38, 6)) - cast(refunded_amount as decimal(38, 6)) as net_amount,
            cast({{ reporting_date("ordered_at") }} as date) as ordered_on
        from merged
    ),

    final as (
        select
            {{ surrogate_key(["'crm'", "valued.natural_id"]) }} as order_key,
            -- Of an order without a customer its login may tell whose it is; a login that the
            -- customer database does not explain is a customer of its own.
            case
                when valued.natural_customer_id is not null
                then {{ surrogate_key(["'crm'", "valued.natural_customer_id"]) }}
                when users.customer_key is not null
                then users.customer_key
                when valued.known_user_id is not null
                then {{ surrogate_key(["'crm'", "'user'", "valued.known_user_id"]) }}
            end as customer_key,
            case
                when valued.known_user_id is not null
                then {{ surrogate_key(["'user'", "valued.known_user_id"]) }}
            end as user_key,
            valued.transaction_id,
            valued.known_quote_id as quote_id,

            valued.ordered_at,
            valued.ordered_on,
            valued.refunded_at,

            valued.status,
            valued.is_sale,
            coalesce(valued.refunded_amount > 0, false) as is_refunded,
            valued.currency,

            valued.amount as original_amount,
            case
                when valued.is_sale
                then {{ in_reporting_currency("valued.amount", "rates") }}
                else 0.0
            end as gross_value,
            case
                when valued.is_sale
                then {{ in_reporting_currency("valued.refunded_amount", "rates") }}
                else 0.0
            end as refunded_value,
            case
                when valued.is_sale
                then
                    {{
                        in_reporting_currency(
                            "cast(valued.net_amount as double)",
                            "rates",
                        )
                    }}
                else 0.0
            end as value
        from valued
        left join users on users.natural_user_id = valued.known_user_id
        left join rates on {{ rate_holds("rates", "valued.currency", "valued.ordered_on") }}
    )

select *
from final
