with
    rates as (select * from {{ ref("exchange_rates") }}),

    given as (
        select {{ currency_code("currency") }} as currency, valid_from_on, rate
        from rates
        where {{ currency_code("currency") }} <> '{{ var("reporting_currency") }}'

        union all

        -- What is in the reporting currency already, on any day.
        select
            '{{ var("reporting_currency") }}' as currency,
            cast('1900-01-01' as date) as valid_from_on,
            1.0 as rate
    ),

    final as (
        select
            currency,

            valid_from_on,
            coalesce(
                lead(valid_from_on) over (partition by currency order by valid_from_on),
                cast('9999-12-31' as date)
            ) as valid_to_on,

            cast(rate as double) as rate
        from given
    )

select *
from final
