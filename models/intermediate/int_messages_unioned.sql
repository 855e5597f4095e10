with
    collected as (select * from {{ ref("int_messages_collected") }}),

    threads as (select * from {{ ref("int_threads_united") }}),

    accounts as (select * from {{ ref("int_contact_accounts") }}),

    -- A reply that one tool only noted and another one exported is one reply. Minute stamps are
    -- cut, so the two may lie a minute apart.
    stood_for as (
        select distinct collected.copy_key
        from collected
        inner join threads on threads.tool_thread_key = collected.tool_thread_key
        inner join threads as other_threads on other_threads.thread_key = threads.thread_key
        inner join
            collected as exported
            on exported.tool_thread_key = other_threads.tool_thread_key
            and exported.direction = 'out'
            and not exported.is_bot
            and not exported.is_stand_in
            and exported.sent_at > {{ add_seconds("collected.sent_at", -60) }}
            and exported.sent_at < {{ add_seconds("collected.sent_at", 60) }}
        where collected.is_stand_in
    ),

    copies as (
        select
            collected.*,
            row_number() over (
                partition by collected.message_key
                order by
                    collected.source_rank,
                    length(collected.natural_message_id),
                    collected.natural_message_id
            ) as preference
        from collected
        left join stood_for on stood_for.copy_key = collected.copy_key
        where stood_for.copy_key is null
    ),

    combined as (
        select
            message_key,
            count(*) as copies,
            count(*) filter (where is_bot) > 0 as is_bot,
            count(*) filter (where is_private) > 0 as is_private,
            count(*) filter (where is_hidden) > 0 as is_hidden,
            count(*) filter (where is_removed) > 0 as is_removed
        from copies
        group by message_key
    ),

    -- Of several exports of one message the one that knows the second tells it, else the first tool
    -- of the list.
    chosen as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by message_key
                        order by
                            case when extract(second from sent_at) = 0 then 1 else 0 end, preference
                    ) as place
                from copies
            )
        where place = 1
    ),

    -- What the chosen tool does not know, another may.
    known as (
        select
            message_key,
            min_by(agent_key, preference) filter (where agent_key is not null) as agent_key,
            min_by(sentiment, preference) filter (where sentiment is not null) as sentiment,
            min_by(template_id, preference) filter (where template_id is not null) as template_id,
            min_by(message_text, preference) filter (where message_text is not null) as message_text
        from copies
        group by message_key
    ),

    answered as (
        select copies.message_key, min(parents.message_key) as in_reply_to_message_key
        from copies
        inner join
            copies as parents
            on parents.source = copies.source
            and parents.natural_message_id = copies.in_reply_to_message_id
        group by copies.message_key
    ),

    final as (
        select
            chosen.message_key,
            threads.thread_key,
            chosen.profile_key,
            known.agent_key,
            accounts.contact_key,
            answered.in_reply_to_message_key,

            chosen.source,
            chosen.natural_message_id,
            chosen.thread_id,
            chosen.profile_id,

            chosen.sent_at,

            chosen.contact_id,
            chosen.network,
            chosen.message_type_word,
            chosen.direction,
            combined.is_bot,
            chosen.is_own,
            combined.is_private,
            combined.is_hidden,
            combined.is_removed,
            known.sentiment,
            known.template_id,
            case when not combined.is_removed then known.message_text end as message_text,

            combined.copies,
            chosen.source_file,
            chosen.source_row
        from chosen
        inner join combined on combined.message_key = chosen.message_key
        inner join known on known.message_key = chosen.message_key
        inner join threads on threads.tool_thread_key = chosen.tool_thread_key
        left join
            accounts on accounts.source = chosen.source and accounts.contact_id = chosen.contact_id
        left join answered on answered.message_key = chosen.message_key
    )

select *
from final
