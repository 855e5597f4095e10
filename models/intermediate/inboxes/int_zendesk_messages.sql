with
    comments as (select * from {{ ref("int_zendesk_comments_directed") }}),

    -- A comment that is not public is a note among agents: the customer never saw it.
    final as (
        select
            'zendesk' as source,
            comment_id as natural_message_id,
            native_message_id,
            ticket_id as thread_id,
            profile_id,
            cast(null as {{ dbt.type_string() }}) as in_reply_to_message_id,

            sent_at,

            case when direction = 'in' then author_id end as contact_id,
            case when direction = 'in' then native_sender_id end as native_contact_id,
            case when direction = 'out' and not is_bot then author_id end as agent_id,

            network_word,
            network_word || case
                when is_private
                then '/message'
                when network_word in ('twitter', 'x')
                then '/tweet'
                when network_word in ('google_play', 'app_store')
                then '/review'
                else '/comment'
            end as message_type_word,
            direction,
            is_bot,
            direction = 'out' as is_own,
            is_private,
            false as is_hidden,
            is_removed,
            cast(null as {{ dbt.type_string() }}) as sentiment,
            cast(null as {{ dbt.type_string() }}) as tags_text,
            case when direction = 'out' then macro_id end as template_id,
            message_text,
            false as is_stand_in,

            source_file,
            source_row
        from comments
        where is_public
    )

select *
from final
