with
    copies as (select * from {{ ref("stg_sprout_social__messages") }}),

    message_tags as (select * from {{ ref("stg_sprout_social__message_tags") }}),

    tags as (select * from {{ ref("stg_sprout_social__tags") }}),

    case_messages as (select * from {{ ref("stg_sprout_social__case_messages") }}),

    profiles as (select * from {{ ref("stg_sprout_social__profiles") }}),

    replies as (select * from {{ ref("int_sprout_social_replies") }}),

    -- Of the profiles that list a message the one that sent it speaks for it.
    messages as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by message_id
                        order by case when is_from_profile then 0 else 1 end, profile_id
                    ) as place
                from copies
            )
        where place = 1
    ),

    cases_of_copies as (
        select message_id, min(case_id) as case_id
        from copies
        where case_id is not null
        group by message_id
    ),

    -- Accounts of ours that write to each other.
    own_accounts as (
        select distinct author_id from copies where is_from_profile and author_id is not null
    ),

    tag_names as (
        select
            message_tags.message_id,
            {{ join_texts("coalesce(tags.tag_name, 'tag ' || message_tags.tag_id)", "','") }}
            as tags_text
        from message_tags
        left join tags on tags.tag_id = message_tags.tag_id
        group by message_tags.message_id
    ),

    described as (
        select
            messages.*,
            coalesce(
                messages.case_id, cases_of_copies.case_id, case_messages.case_id
            ) as known_case_id,
            coalesce(
                messages.profile_id, by_account.profile_id, messages.native_profile_id
            ) as known_profile_id,
            coalesce(
                messages.network_word, by_id.network_word, by_account.network_word
            ) as known_network_word,
            messages.is_from_profile or messages.agent_id is not null as is_sent,
            own_accounts.author_id is not null as is_from_own_account,
            tag_names.tags_text
        from messages
        left join cases_of_copies on cases_of_copies.message_id = messages.message_id
        left join case_messages on case_messages.message_id = messages.message_id
        left join profiles as by_id on by_id.profile_id = messages.profile_id
        left join
            profiles as by_account
            on messages.profile_id is null
            and by_account.native_profile_id = messages.native_profile_id
        left join own_accounts on own_accounts.author_id = messages.author_id
        left join tag_names on tag_names.message_id = messages.message_id
    ),

    -- The tool tells no thread: a case is one, what a person and a profile write each other in
    -- private is one, and any other message of a customer is one of its own.
    received as (
        select
            *,
            coalesce(
                'case:' || known_case_id,
                case
                    when kind_word = 'message'
                    then 'private:' || known_profile_id || ':' || author_id
                end,
                message_id
            ) as thread_id
        from described
        where not is_sent
    ),

    -- What we sent belongs to the thread of what it answered.
    sent as (
        select
            described.*,
            replies.message_id as replied_message_id,
            replies.agent_id as replying_agent_id,
            coalesce(replies.is_automatic, false) as is_automatic,
            coalesce(
                'case:' || described.known_case_id,
                by_parent.thread_id,
                by_action.thread_id,
                described.message_id
            ) as thread_id
        from described
        left join received as by_parent on by_parent.message_id = described.in_reply_to_message_id
        left join
            replies on replies.reply_message_id = described.message_id and not replies.is_stand_in
        left join received as by_action on by_action.message_id = replies.message_id
        where described.is_sent
    ),

    unioned as (
        select
            message_id,
            native_message_id,
            thread_id,
            known_profile_id as profile_id,
            in_reply_to_message_id,
            sent_at,
            author_id as contact_id,
            cast(null as {{ dbt.type_string() }}) as agent_id,
            known_network_word as network_word,
            kind_word,
            'in' as direction,
            false as is_bot,
            is_from_own_account as is_own,
            sentiment,
            tags_text,
            message_text,
            false as is_stand_in,
            source_file,
            source_row
        from received

        union all

        select
            message_id,
            native_message_id,
            thread_id,
            known_profile_id as profile_id,
            coalesce(in_reply_to_message_id, replied_message_id) as in_reply_to_message_id,
            sent_at,
            cast(null as {{ dbt.type_string() }}) as contact_id,
            coalesce(agent_id, replying_agent_id) as agent_id,
            known_network_word as network_word,
            kind_word,
            'out' as direction,
            is_automatic as is_bot,
            true as is_own,
            sentiment,
            tags_text,
            message_text,
            false as is_stand_in,
            source_file,
            source_row
        from sent

        union all

        select
            replies.reply_message_id as message_id,
            cast(null as {{ dbt.type_string() }}) as native_message_id,
            received.thread_id,
            received.known_profile_id as profile_id,
            replies.message_id as in_reply_to_message_id,
            replies.action_at as sent_at,
            cast(null as {{ dbt.type_string() }}) as contact_id,
            replies.agent_id,
            received.known_network_word as network_word,
            received.kind_word,
            'out' as direction,
            false as is_bot,
            true as is_own,
            cast(null as {{ dbt.type_string() }}) as sentiment,
            cast(null as {{ dbt.type_string() }}) as tags_text,
            cast(null as {{ dbt.type_string() }}) as message_text,
            true as is_stand_in,
            received.source_file,
            received.source_row
        from replies
        inner join received on received.message_id = replies.message_id
        where replies.is_stand_in
    ),

    final as (
        select
            'sprout_social' as source,
            message_id as natural_message_id,
            native_message_id,
            thread_id,
            profile_id,
            in_reply_to_message_id,

            sent_at,

            contact_id,
            contact_id as native_contact_id,
            agent_id,

            network_word,
            coalesce(network_word, 'unknown') || '/' || kind_word as message_type_word,
            direction,
            is_bot,
            is_own,
            kind_word = 'message' as is_private,
            false as is_hidden,
            false as is_removed,
            sentiment,
            tags_text,
            cast(null as {{ dbt.type_string() }}) as template_id,
            message_text,
            is_stand_in,

            source_file,
            source_row
        from unioned
    )

select *
from final
