-- Detects threads that share a message and are not one. A returned row is a message whose copies
-- ended in two threads: the chain of tools is longer than the rounds of int_threads_united.
with
    copies as (select * from {{ ref("int_messages_collected") }}),

    threads as (select * from {{ ref("int_threads_united") }})

select copies.message_key, count(distinct threads.thread_key) as united_threads
from copies
inner join threads on threads.tool_thread_key = copies.tool_thread_key
group by copies.message_key
having count(distinct threads.thread_key) > 1
