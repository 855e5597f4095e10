with
    exported as (select * from {{ stream("ringcentral_engage", "messages") }}),

    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by id order by {{ latest_version_first() }}
                    ) as place
                from exported
                where created_at <= {{ as_of() }}
            )
        where place = 1
    ),

    -- A draft, and a reply that waits for approval, never reached the network.
    final as (
        select
            id as message_id,
            foreign_id as native_message_id,
            content_thread_id as thread_id,
            source_id as profile_id,
            in_reply_to_id as in_reply_to_message_id,

            created_at as sent_at,

            author_id,
            creator_id as agent_id,

            lower(source_type) as network_word,
            lower(type) as message_type_word,
            case
                when status in ('Agent message', 'Agent reply') then 'out' else 'in'
            end as direction,
            coalesce(auto_submitted, false) as is_automatic,
            coalesce(private_message, false) as is_private,
            coalesce(published, true) as is_published,
            coalesce(remotely_deleted, false) as is_removed,
            lower(sentiment_text) as sentiment,
            categories as tags_text,
            case
                when coalesce(remotely_deleted, false) then null else body_as_text
            end as message_text,

            _exported_at as exported_at,
            _source_file as source_file,
            _source_row as source_row
        from latest
        where status not in ('Draft', 'Pending approval')
    )

select *
from final
