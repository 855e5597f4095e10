-- Detects a timeline that tells another story than fct_replies. A returned row is an answered turn
-- whose reply shows another wait, or none.
with
    replies as (select * from {{ ref("fct_replies") }} where is_replied and is_eligible),

    timeline as (select * from {{ ref("conversation_timeline") }})

select
    replies.turn_key,
    replies.wait_s,
    timeline.running_wait_s,
    replies.wait_business_s,
    timeline.running_wait_business_s
from replies
left join timeline on timeline.entry_key = replies.reply_message_key
where
    timeline.running_wait_s is distinct from replies.wait_s
    or timeline.running_wait_business_s is distinct from replies.wait_business_s
