{#- Rounds of passing the smallest label on: threads linked through a chain of up to so many tools' threads. -#}
{%- set rounds = 4 -%}

with
    copies as (select * from {{ ref("int_messages_collected") }}),

    -- Threads of two tools that hold the same message are the same conversation seen twice.
    links as (select * from {{ ref("int_thread_links") }}),

    labels_0 as (select distinct tool_thread_key, tool_thread_key as thread_key from links),

    {% for round in range(1, rounds + 1) %}
        message_labels_{{ round }} as (
            select links.message_key, min(labels.thread_key) as thread_key
            from links
            inner join
                labels_{{ round - 1 }} as labels on labels.tool_thread_key = links.tool_thread_key
            group by links.message_key
        ),

        labels_{{ round }} as (
            select links.tool_thread_key, min(labels.thread_key) as thread_key
            from links
            inner join
                message_labels_{{ round }} as labels on labels.message_key = links.message_key
            group by links.tool_thread_key
        ),
    {% endfor %}

    threads as (select distinct tool_thread_key from copies),

    final as (
        select
            threads.tool_thread_key,
            coalesce(labels.thread_key, threads.tool_thread_key) as thread_key
        from threads
        left join labels_{{ rounds }} as labels on labels.tool_thread_key = threads.tool_thread_key
    )

select *
from final
