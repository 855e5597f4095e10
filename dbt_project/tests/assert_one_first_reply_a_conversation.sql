-- Detects a first reply counted twice, and one that differs between the turn and its conversation.
-- A returned row is such a conversation.
with
    firsts as (
        select conversation_key, count(*) as turns, max(wait_s) as wait_s
        from {{ ref("fct_replies") }}
        where is_first
        group by conversation_key
    )

select conversations.conversation_key, firsts.turns, firsts.wait_s, conversations.first_reply_s
from {{ ref("fct_conversations") }} as conversations
left join firsts on firsts.conversation_key = conversations.conversation_key
where
    coalesce(firsts.turns, 0) > 1
    or coalesce(firsts.wait_s, -1) <> coalesce(conversations.first_reply_s, -1)
