-- Detects advertising exports that were not split by day: all of a period's spend stands on its
-- first day.
-- A returned row is a platform, campaign and period with what it cost. A warning: sums over whole
-- periods are still right.
{{ config(severity="warn") }}
select platform_word, campaign, date_on, last_date_on, spend
from {{ ref("stg_ad_spend__daily") }}
where last_date_on > date_on
