with
    copies as (select * from {{ ref("int_messages_collected") }}),

    threads as (select * from {{ ref("int_threads_united") }}),

    collected as (
        {% for source in var("inboxes")["events"] %}
            select
                source,
                natural_event_id,
                thread_id,
                message_id,
                event_at,
                agent_id,
                is_automatic,
                event_kind,
                event_value
            from {{ ref("int_" ~ source ~ "_events") }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    final as (
        select
            {{ surrogate_key(["collected.source", "collected.natural_event_id"]) }} as event_key,
            threads.thread_key,
            copies.message_key,
            case
                when collected.agent_id is not null
                then {{ surrogate_key(["collected.source", "collected.agent_id"]) }}
            end as agent_key,

            collected.source,
            collected.natural_event_id,

            collected.event_at,

            collected.is_automatic,
            collected.event_kind,
            collected.event_value
        from collected
        -- An export filtered by date may hold the event of a thread whose messages it left out.
        inner join
            threads
            on threads.tool_thread_key
            = {{ surrogate_key(["collected.source", "collected.thread_id"]) }}
        left join
            copies
            on copies.source = collected.source
            and copies.natural_message_id = collected.message_id
    )

select *
from final
