-- Detects phone figures that cannot be: more calls answered and abandoned than came in, more offers
-- taken than made, more callers calling again than took one, an average call under ten seconds or
-- over an hour (minutes exported as seconds, or milliseconds), more than 200 people on the rota.
-- A returned row is such a day of a queue: correct the export and drop it in again. It warns only,
-- since a wrong day of phone calls is no reason to hold back every other number.
{{ config(severity="warn") }}
with days as (select * from {{ ref("fct_phone_daily") }})

select
    date_on,
    queue,
    calls_offered,
    calls_answered,
    calls_abandoned,
    talk_s,
    agent_hours,
    deflections_offered,
    deflections_accepted,
    callbacks_within_7d
from days
where
    calls_answered + coalesce(calls_abandoned, 0) > calls_offered
    or deflections_accepted > deflections_offered
    or callbacks_within_7d > deflections_accepted
    or (calls_answered >= 20 and talk_s not between calls_answered * 10 and calls_answered * 3600)
    or agent_hours > 200 * 24
