-- Detects exchange rates for another currency than the reporting one, and two rates of a currency
-- from one day: either would multiply or misstate money.
-- A returned row is a currency and a day with its fault.
with
    rates as (
        select {{ currency_code("currency") }} as currency, valid_from_on, rate
        from {{ ref("exchange_rates") }}
    ),

    anchors as (
        select count(*) as anchors
        from rates
        where currency = '{{ var("reporting_currency") }}' and rate = 1
    )

select currency, valid_from_on, 'two rates from one day' as fault
from rates
group by currency, valid_from_on
having count(*) > 1
union all
select currency, valid_from_on, 'not above zero' as fault
from rates
where rate <= 0
union all
select
    '{{ var("reporting_currency") }}' as currency,
    cast(null as date) as valid_from_on,
    'no row of the reporting currency with rate 1: whose rates are these?' as fault
from anchors
where anchors = 0
