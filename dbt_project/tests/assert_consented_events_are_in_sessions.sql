-- Detects web events lost or doubled on the way into sessions. A returned row is an export whose
-- events of known visitors are not
-- as many as its sessions hold.
with
    events as (select * from {{ ref("int_web_events") }}),

    sessions as (select * from {{ ref("fct_web_sessions") }}),

    arrived as (
        select source, count(*) as events from events where visitor_key is not null group by source
    ),

    held as (select source, sum(events) as events from sessions group by source)

select arrived.source, arrived.events, held.events as events_in_sessions
from arrived
left join held on held.source = arrived.source
where arrived.events <> coalesce(held.events, 0)
