-- Detects promises whose outcome and instants disagree: the outcome comes from seconds counted, the
-- instants from the clock read backwards. A clock that is stopped at its very target, because we
-- answered in the second the time was up, stands there until it runs again: that is within it.
-- A returned row is such a promise.
select sla_key, policy_id, outcome, ended_at, deadline_at, breached_at, elapsed_s, target_s
from {{ ref("fct_sla") }}
where
    (outcome = 'breached') <> (breached_at is not null)
    or breached_at > coalesce(ended_at, {{ as_of() }})
    or breached_at < clock_started_at
    or deadline_at < clock_started_at
    or (elapsed_s > target_s and deadline_at >= breached_at)
    or (
        outcome = 'met'
        and clock = 'calendar'
        and elapsed_s < target_s
        and {{ seconds_between("deadline_at", "ended_at") }} > 0
    )
    or (
        outcome = 'pending'
        and clock = 'calendar'
        and elapsed_s < target_s
        and {{ seconds_between("deadline_at", as_of()) }} > 0
    )
    or elapsed_s < 0
    or paused_s < 0
