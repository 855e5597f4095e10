-- Detects clock and zone errors: a reply before its question, or more business time than time.
-- A returned row is such a turn.
select turn_key, started_at, clock_started_at, replied_at, wait_s, wait_business_s, bot_s
from {{ ref("fct_replies") }}
where
    wait_s < 0
    or bot_s < 0
    or wait_business_s < 0
    or wait_business_s > wait_s
    or clock_started_at < started_at
