-- Detects a message, turn or conversation that is in the same slice twice, which would count it
-- twice.
-- A returned row is such a fact and slice, with how often it is there.
select 'message' as fact, message_key as fact_key, slice_kind, slice_value, count(*) as times
from {{ ref("kpi_message_slices") }}
group by message_key, slice_kind, slice_value
having count(*) > 1

union all

select 'turn' as fact, turn_key as fact_key, slice_kind, slice_value, count(*) as times
from {{ ref("kpi_turn_slices") }}
group by turn_key, slice_kind, slice_value
having count(*) > 1

union all

select
    'conversation' as fact, conversation_key as fact_key, slice_kind, slice_value, count(*) as times
from {{ ref("kpi_conversation_slices") }}
group by conversation_key, slice_kind, slice_value
having count(*) > 1
