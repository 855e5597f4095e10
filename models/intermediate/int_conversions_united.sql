with
    conversions as (select * from {{ ref("int_conversions_deduplicated") }}),

    orders as (select * from {{ ref("int_crm_orders") }}),

    users as (select * from {{ ref("int_crm_users") }}),

    sessions as (select * from {{ ref("int_web_session_sources") }}),

    visitors as (select * from {{ ref("int_web_visitors") }}),

    rates as (select * from {{ ref("int_exchange_rates") }}),

    seen as (
        select
            conversions.*,
            cast({{ reporting_date("conversions.converted_at") }} as date) as converted_on,
            {{ currency_code("conversions.currency") }} as currency_code,
            sessions.user_key,
            -- Leads carry the quote as well; a sale is no lead.
            case
                when conversions.conversion_kind = 'purchase' then conversions.transaction_id
            end as order_number,
            case
                when conversions.conversion_kind = 'purchase' then conversions.quote_number
            end as quote_sold
        from conversions
        left join sessions on sessions.session_key = conversions.session_key
    ),

    numbered_orders as (select * from orders where transaction_id is not null),

    quoted_orders as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by quote_id order by ordered_at, order_key
                    ) as place
                from orders
                where quote_id is not null
            )
        where place = 1
    ),

    -- The order number tells which order a purchase is; without one the quote does.
    recognised as (
        select
            seen.*,
            coalesce(by_number.order_key, by_quote.order_key) as order_key,
            {{ in_reporting_currency("seen.value", "rates") }} as seen_value
        from seen
        left join numbered_orders as by_number on by_number.transaction_id = seen.order_number
        left join quoted_orders as by_quote on by_quote.quote_id = seen.quote_sold
        left join rates on {{ rate_holds("rates", "seen.currency_code", "seen.converted_on") }}
    ),

    -- A transaction is one conversion, however many sites or tools saw it.
    bought as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by
                            coalesce(
                                order_key, conversion_kind || ' ' || transaction_id, conversion_key
                            )
                        order by converted_at, conversion_key
                    ) as place
                from recognised
            )
        where place = 1
    ),

    known_orders as (select distinct order_key from bought where order_key is not null),

    unseen as (
        select orders.*
        from orders
        left join known_orders on known_orders.order_key = orders.order_key
        where orders.is_sale and known_orders.order_key is null
    ),

    -- A sale that no site saw belongs to the browser in which its buyer was last signed in.
    encounters as (
        select
            sessions.user_key,
            sessions.started_at as happened_at,
            0 as is_sale,
            sessions.session_key as natural_order,
            sessions.visitor_key,
            cast(null as {{ dbt.type_string() }}) as order_key
        from sessions
        inner join visitors on visitors.visitor_key = sessions.visitor_key
        where sessions.user_key is not null and not visitors.is_automated

        union all

        select
            user_key,
            ordered_at as happened_at,
            1 as is_sale,
            order_key as natural_order,
            cast(null as {{ dbt.type_string() }}) as visitor_key,
            order_key
        from unseen
        where user_key is not null
    ),

    remembered as (
        select
            order_key,
            {{ previous_known("visitor_key", "user_key", "happened_at, is_sale, natural_order") }}
            as visitor_key
        from encounters
    ),

    -- Better evidence than a login: the visitor who asked for the quote that was sold.
    asked as (
        select {{ all_but("place") }}
        from
            (
                select
                    quote_number,
                    visitor_key,
                    row_number() over (
                        partition by quote_number order by converted_at, conversion_key
                    ) as place
                from conversions
                where quote_number is not null and visitor_key is not null
            )
        where place = 1
    ),

    united as (
        select
            bought.conversion_key,
            bought.session_key,
            bought.visitor_key,
            coalesce(orders.customer_key, users.customer_key) as customer_key,
            bought.transaction_id,

            bought.converted_at,
            bought.converted_on,

            bought.source,
            bought.event_name,
            bought.conversion_kind,
            bought.is_primary,

            orders.status,
            orders.is_refunded as is_order_refunded,
            coalesce(bought.seen_value, orders.gross_value) as gross_value,
            orders.refunded_value,
            case
                when bought.value is not null then bought.currency_code else orders.currency
            end as currency
        from bought
        left join orders on orders.order_key = bought.order_key
        left join users on users.user_key = bought.user_key

        union all

        select
            {{ surrogate_key(["'crm'", "'purchase'", "unseen.order_key"]) }} as conversion_key,
            cast(null as {{ dbt.type_string() }}) as session_key,
            coalesce(asked.visitor_key, remembered.visitor_key) as visitor_key,
            unseen.customer_key,
            unseen.transaction_id,

            unseen.ordered_at as converted_at,
            unseen.ordered_on as converted_on,

            'crm' as source,
            'order' as event_name,
            'purchase' as conversion_kind,
            true as is_primary,

            unseen.status,
            unseen.is_refunded as is_order_refunded,
            unseen.gross_value,
            unseen.refunded_value,
            unseen.currency
        from unseen
        left join asked on asked.quote_number = unseen.quote_id
        left join remembered on remembered.order_key = unseen.order_key
    ),

    -- The site and the customer database may disagree on the gross (taxes, shipping): what was
    -- given back whole, or cancelled, is worth nothing, and no sale is worth less.
    refunded as (
        select
            *,
            case
                when
                    status = 'cancelled'
                    or (status = 'refunded' and is_order_refunded)
                    or refunded_value > gross_value
                then gross_value
                else coalesce(refunded_value, 0)
            end as given_back
        from united
    ),

    final as (
        select
            conversion_key,
            session_key,
            visitor_key,
            customer_key,
            transaction_id,

            converted_at,
            converted_on,

            source,
            event_name,
            conversion_kind,
            is_primary,
            coalesce(
                status = 'cancelled' or is_order_refunded or given_back > 0, false
            ) as is_refunded,

            currency,
            gross_value,
            case when gross_value is not null then given_back end as refunded_value,
            -- A difference of doubles has dust of its own.
            cast(
                cast(gross_value as decimal(38, 6)) - cast(given_back as decimal(38, 6)) as double
            ) as value
        from refunded
    )

select *
from final
