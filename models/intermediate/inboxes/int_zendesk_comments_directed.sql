with
    comments as (select * from {{ ref("stg_zendesk__comments") }}),

    tickets as (select * from {{ ref("stg_zendesk__tickets") }}),

    audit_events as (select * from {{ ref("stg_zendesk__audit_events") }}),

    staff as (select * from {{ ref("int_zendesk_staff") }}),

    described as (select * from tickets where is_latest),

    -- What a prepared text was used for is noted in the audit that added the comment.
    macros as (
        select ticket_id, audit_id, min(macro_id) as macro_id
        from audit_events
        where macro_id is not null
        group by ticket_id, audit_id
    ),

    -- An agent may ask for something themselves: on their own ticket they are the customer.
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
            staff.user_id is not null as is_staff
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
                when is_staff or not is_public
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
