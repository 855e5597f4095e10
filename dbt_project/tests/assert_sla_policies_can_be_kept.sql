-- Detects SLA policies that promise nothing that can be kept or judged: no time, a warning outside
-- the target, an end before the beginning, a pause in a wait for our reply.
-- A returned row is such a policy.
select policy_id, metric, target_s, warning_share, pauses, valid_from_on, valid_to_on
from {{ ref("sla_policies") }}
where
    target_s < 1
    or warning_share <= 0
    or warning_share > 1
    or valid_to_on <= valid_from_on
    or (pauses and metric <> 'resolution')
