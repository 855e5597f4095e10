with
    threads as (select * from {{ ref("int_threads_united") }}),

    segments as (select * from {{ ref("int_conversation_segments") }}),

    collected as (
        {% for source in var("inboxes")["reported"] %}
            select source, thread_id, opened_at, metric, value, reported_at
            from {{ ref("int_" ~ source ~ "_reported") }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    -- What a tool says about an episode belongs to the conversation in force when that began.
    final as (
        select
            segments.conversation_key,
            collected.source,
            collected.metric,
            collected.opened_at,
            collected.value,
            collected.reported_at
        from collected
        inner join
            threads
            on threads.tool_thread_key
            = {{ surrogate_key(["collected.source", "collected.thread_id"]) }}
        inner join
            segments
            on segments.thread_key = threads.thread_key
            and (collected.opened_at >= segments.segment_started_at or segments.segment_number = 1)
            and collected.opened_at < coalesce(segments.segment_ends_before_at, {{ far_future() }})
    )

select *
from final
