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

    -- Few messages are noted only, and only they may be stood for.
    copies as {{ not_materialized() }} (
        select *
        from collected
        where not coalesce(is_stand_in, false)

        union all

        select collected.*
        from collected
        left join stood_for on stood_for.copy_key = collected.copy_key
        where collected.is_stand_in and stood_for.copy_key is null
    ),

    -- Nearly all messages come from one tool; only the others are to be made one of.
    shared as (
        select message_key, count(*) as copies from copies group by message_key having count(*) > 1
    ),

    ranked as (
        select
            copies.*,
            row_number() over (
                partition by copies.message_key
                order by
                    copies.source_rank, length(copies.natural_message_id), copies.natural_message_id
            ) as preference
        from copies
        inner join shared on shared.message_key = copies.message_key
    ),

    -- What the chosen tool does not know, another may.
    known as (
        select
            message_key,
            count(*) as copies,
            count(*) filter (where is_bot) > 0 as is_bot,
            count(*) filter (where is_private) > 0 as is_private,
            count(*) filter (where is_hidden) > 0 as is_hidden,
            count(*) filter (where is_removed) > 0 as is_removed,
            min_by(agent_key, preference) filter (where agent_key is not null) as agent_key,
            min_by(sentiment, preference) filter (where sentiment is not null) as sentiment,
            min_by(template_id, preference) filter (where template_id is not null) as template_id,
            min_by(message_text, preference) filter (where message_text is not null) as message_text
        from ranked
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
                from ranked
            )
        where place = 1
    ),

    told as (
        select
            copies.message_key,
            copies.tool_thread_key,
            copies.profile_key,
            copies.agent_key,
            copies.source,
            copies.natural_message_id,
            copies.thread_id,
            copies.profile_id,
            copies.sent_at,
            copies.contact_id,
            copies.network,
            copies.message_type_word,
            copies.direction,
            coalesce(copies.is_bot, false) as is_bot,
            copies.is_own,
            coalesce(copies.is_private, false) as is_private,
            coalesce(copies.is_hidden, false) as is_hidden,
            coalesce(copies.is_removed, false) as is_removed,
            copies.sentiment,
            copies.template_id,
            copies.message_text,
            cast(1 as bigint) as copies,
            copies.source_file,
            copies.source_row
        from copies
        left join shared on shared.message_key = copies.message_key
        where shared.message_key is null

        union all

        select
            chosen.message_key,
            chosen.tool_thread_key,
            chosen.profile_key,
            known.agent_key,
            chosen.source,
            chosen.natural_message_id,
            chosen.thread_id,
            chosen.profile_id,
            chosen.sent_at,
            chosen.contact_id,
            chosen.network,
            chosen.message_type_word,
            chosen.direction,
            known.is_bot,
            chosen.is_own,
            known.is_private,
            known.is_hidden,
            known.is_removed,
            known.sentiment,
            known.template_id,
            known.message_text,
            known.copies,
            chosen.source_file,
            chosen.source_row
        from chosen
        inner join known on known.message_key = chosen.message_key
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
            told.message_key,
            threads.thread_key,
            told.profile_key,
            told.agent_key,
            accounts.contact_key,
            answered.in_reply_to_message_key,

            told.source,
            told.natural_message_id,
            told.thread_id,
            told.profile_id,

            told.sent_at,

            told.contact_id,
            told.network,
            told.message_type_word,
            told.direction,
            told.is_bot,
            told.is_own,
            told.is_private,
            told.is_hidden,
            told.is_removed,
            told.sentiment,
            told.template_id,
            case when not told.is_removed then told.message_text end as message_text,

            told.copies,
            told.source_file,
            told.source_row
        from told
        inner join threads on threads.tool_thread_key = told.tool_thread_key
        left join
            accounts on accounts.source = told.source and accounts.contact_id = told.contact_id
        left join answered on answered.message_key = told.message_key
    )

select *
from final
