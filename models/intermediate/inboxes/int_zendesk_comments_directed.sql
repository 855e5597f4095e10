with
    comments as (select * from {{ ref("stg_zendesk__comments") }}),

    tickets as (select * from {{ ref("stg_zendesk__tickets") }}),

    audit_events as (select * from {{ ref("stg_zendesk__audit_events") }}),

    ratings as (select * from {{ ref("stg_zendesk__satisfaction_ratings") }}),

    described as (select * from tickets where is_latest),

    -- One list of users holds agents and customers; who was ever given a ticket, or wrote what
    -- customers do not see, is an agent.
    staff as (
        select assignee_id as user_id
        from tickets
        where assignee_id is not null

        union

        select new_value as user_id
        from audit_events
        where field_name = 'assignee_id' and new_value is not null

        union

        select assignee_id as user_id
        from ratings
        where assignee_id is not null

        union

        select author_id as user_id
        from comments
        where not is_public and author_id is not null and author_id <> '-1'
    ),

    -- What a prepared text was used for is noted in the audit that added the comment.
    macros as (
        select ticket_id, audit_id, min(macro_id) as macro_id
        from audit_events
        where macro_id is not null
        group by ticket_id, audit_id
    ),

    -- Whoever a network says wrote is outside; what was typed into Zendesk by anybody but the
    -- requester is an agent's.
    read as (
        select
            comments.*,
            described.requester_id,
            described.network_word,
            described.is_private,
            described.profile_id,
            described.status = 'deleted' as is_removed,
            macros.macro_id,
            coalesce(
                comments.author_id = '-1' or comments.channel_word in ('rule', 'system'), false
            ) as is_bot,
            coalesce(comments.author_id = described.requester_id, false) as is_requester,
            staff.user_id is not null as is_staff,
            coalesce(
                comments.sender_id is null and comments.channel_word in ('web', 'api', 'mobile'),
                false
            ) as is_typed
        from comments
        inner join described on described.ticket_id = comments.ticket_id
        left join staff on staff.user_id = comments.author_id
        left join
            macros on macros.ticket_id = comments.ticket_id and macros.audit_id = comments.audit_id
    ),

    final as (
        select
            comment_id,
            ticket_id,
            native_message_id,
            profile_id,

            sent_at,

            author_id,
            native_sender_id,
            case
                when is_bot
                then 'out'
                when is_requester and is_public
                then 'in'
                when is_staff or is_typed or not is_public
                then 'out'
                else 'in'
            end as direction,
            is_bot,

            network_word,
            is_public,
            is_private,
            is_removed,
            macro_id,
            case when not is_removed then message_text end as message_text,

            exported_at,
            source_file,
            source_row
        from read
    )

select *
from final
