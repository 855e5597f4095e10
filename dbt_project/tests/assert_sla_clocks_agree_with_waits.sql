-- Detects replies whose time under a policy is not the wait: both are counted from the same message
-- to the same reply.
-- A returned row is such a reply.
select promises.sla_key, promises.clock, promises.elapsed_s, replies.wait_s, replies.wait_business_s
from {{ ref("fct_sla") }} as promises
inner join {{ ref("fct_replies") }} as replies on replies.turn_key = promises.turn_key
where
    replies.is_replied
    and promises.elapsed_s
    <> case when promises.clock = 'business' then replies.wait_business_s else replies.wait_s end
