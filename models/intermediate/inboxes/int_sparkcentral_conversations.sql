with
    resolved as (select * from {{ ref("stg_sparkcentral__resolved_conversations") }}),

    open_rows as (select * from {{ ref("stg_sparkcentral__open_conversations") }}),

    messages as (select * from {{ ref("stg_sparkcentral__messages") }}),

    versions as (
        select
            thread_id,
            exported_at,
            1 as rank_of_kind,
            topic,
            tags_text,
            first_assigned_at,
            bot_started_at,
            bot_handed_over_at,
            agent_id
        from resolved

        union all

        select
            thread_id,
            exported_at,
            2 as rank_of_kind,
            topic,
            tags_text,
            first_assigned_at,
            bot_started_at,
            bot_handed_over_at,
            agent_id
        from open_rows
    ),

    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    thread_id,
                    exported_at,
                    topic,
                    tags_text,
                    agent_id,
                    row_number() over (
                        partition by thread_id order by exported_at desc, rank_of_kind
                    ) as place
                from versions
            )
        where place = 1
    ),

    -- What happened once stays happened, also where a later export leaves it out.
    firsts as (
        select
            thread_id,
            min(bot_started_at) as bot_started_at,
            min(bot_handed_over_at) as bot_handed_over_at,
            min(first_assigned_at) as first_assigned_at
        from versions
        group by thread_id
    ),

    -- The tool's own creation has meant two things; the first message has not.
    first_messages as (
        select thread_id, min(sent_at) as first_message_at from messages group by thread_id
    ),

    first_resolutions as (
        select
            thread_id, min(resolved_at) as first_resolved_at, min(exported_at) as first_exported_at
        from resolved
        group by thread_id
    ),

    -- Later exports name who changed the status last, not who resolved first.
    first_resolvers as (
        select
            resolved.thread_id,
            first_resolutions.first_resolved_at,
            resolved.agent_id as resolving_agent_id
        from resolved
        inner join
            first_resolutions
            on first_resolutions.thread_id = resolved.thread_id
            and first_resolutions.first_exported_at = resolved.exported_at
    ),

    replies_after_assignment as (
        select {{ all_but("place") }}
        from
            (
                select
                    firsts.thread_id,
                    messages.agent_id,
                    row_number() over (
                        partition by firsts.thread_id
                        order by messages.sent_at, length(messages.message_id), messages.message_id
                    ) as place
                from firsts
                inner join
                    messages
                    on messages.thread_id = firsts.thread_id
                    and messages.sent_at >= firsts.first_assigned_at
                where
                    messages.direction = 'out'
                    and not messages.is_automatic
                    and messages.agent_id is not null
            )
        where place = 1
    ),

    -- The export says when, and not to whom: to the first who answered from then on, else to who
    -- settled it.
    final as (
        select
            latest.thread_id,
            coalesce(
                first_messages.first_message_at, firsts.first_assigned_at, latest.exported_at
            ) as opened_at,
            firsts.bot_started_at,
            firsts.bot_handed_over_at,
            firsts.first_assigned_at,
            first_resolvers.first_resolved_at,

            coalesce(
                replies_after_assignment.agent_id,
                first_resolvers.resolving_agent_id,
                latest.agent_id
            ) as first_agent_id,
            first_resolvers.resolving_agent_id,

            latest.topic,
            latest.tags_text
        from latest
        inner join firsts on firsts.thread_id = latest.thread_id
        left join first_messages on first_messages.thread_id = latest.thread_id
        left join first_resolvers on first_resolvers.thread_id = latest.thread_id
        left join replies_after_assignment on replies_after_assignment.thread_id = latest.thread_id
    )

select *
from final
