-- Detects sessions that the table of links with faults counts twice or loses. A returned row is the
-- number of sessions of people with a fault and the number the table has.
with
    faults as (
        select count(*) as sessions
        from {{ ref("int_web_link_faults") }} as faults
        inner join
            {{ ref("fct_web_sessions") }} as sessions on sessions.session_key = faults.session_key
        where not sessions.is_automated
    ),

    counted as (select coalesce(sum(sessions), 0) as sessions from {{ ref("kpi_utm_governance") }})

select faults.sessions as with_a_fault, counted.sessions as in_the_table
from faults
cross join counted
where faults.sessions <> counted.sessions
