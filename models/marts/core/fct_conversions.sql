with
    conversions as (select * from {{ ref("int_conversions_united") }}),

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
            is_refunded,

            cast(gross_value as double) as gross_value,
            cast(refunded_value as double) as refunded_value,
            cast(value as double) as value,
            currency
        from conversions
    )

select *
from final
