with
    conversions as (select * from {{ ref("int_conversions_deduplicated") }}),

    final as (
        select
            conversion_key,
            session_key,
            visitor_key,
            transaction_id,

            converted_at,
            cast({{ reporting_date("converted_at") }} as date) as converted_on,

            source,
            event_name,
            conversion_kind,
            is_primary,

            cast(value as double) as value,
            currency
        from conversions
    )

select *
from final
