-- Detects presence of agents read in the wrong unit: the tool exports seconds or hours, as it is
-- set, and an export counts as hours if no value in it is above 25.
-- A returned row is an agent's day of more than 25 hours: look for an export that mixes units, and
-- export those days again. It warns only, since presence is in one KPI.
{{ config(severity="warn") }}
with presence as (select * from {{ ref("fct_agent_presence") }})

select agent_key, date_on, present_s, available_s, busy_s, away_s
from presence
where greatest(present_s, coalesce(available_s, 0), coalesce(busy_s, 0)) > 25 * 3600
