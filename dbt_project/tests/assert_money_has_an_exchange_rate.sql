-- Detects money in a currency that seeds/exchange_rates.csv has no rate for on its day: it has no
-- value in the reporting currency and is in no sum.
-- A returned row is a kind of money and a currency, with how many rows are left out and since when.
-- A warning: everything else is still right. Add the rate, and they are counted.
{{ config(severity="warn") }}
select 'orders' as kind, currency, count(*) as rows_left_out, min(ordered_on) as first_on
from {{ ref("int_crm_orders") }}
where is_sale and original_amount is not null and gross_value is null
group by currency
union all
select 'advertising' as kind, currency, count(*) as rows_left_out, min(date_on) as first_on
from {{ ref("fct_ad_spend") }}
where spend is null
group by currency
union all
select 'costs' as kind, currency, count(*) as rows_left_out, min(month_on) as first_on
from {{ ref("fct_costs") }}
where amount_reporting is null
group by currency
