-- Detects a conversation that ended before it was opened or reopened.
-- A returned row is such a span.
select conversation_key, span_started_at, span_ended_at, is_reopen
from {{ ref("int_conversation_spans") }}
where span_ended_at < span_started_at
