with
    exported as (select * from {{ stream("zendesk", "tickets") }}),

    -- A ticket too large for an export comes without its comments; those of earlier exports stay.
    listed as (
        select
            ticket_id,
            _exported_at,
            _source_file,
            _file_sha256,
            _source_row,
            {{ json_rows("comments") }} as comment_json
        from exported
        where comments is not null
    ),

    read as (
        select
            *,
            coalesce(
                {{ json_text("comment_json", "'$.id'") }},
                ticket_id || ':' || {{ json_text("comment_json", "'$.created_at'") }}
            ) as comment_id,
            try_cast({{ json_text("comment_json", "'$.created_at'") }} as timestamp) as sent_at
        from listed
    ),

    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by ticket_id, comment_id order by {{ latest_version_first() }}
                    ) as place
                from read
                where sent_at <= {{ as_of() }}
            )
        where place = 1
    ),

    final as (
        select
            comment_id,
            ticket_id,
            {{ json_text("comment_json", "'$.audit_id'") }} as audit_id,
            {{ json_text("comment_json", "'$.native_id'") }} as native_message_id,

            sent_at,

            {{ json_text("comment_json", "'$.author_id'") }} as author_id,
            {{ json_text("comment_json", "'$.sender'") }} as sender_id,
            {{ json_text("comment_json", "'$.native_sender'") }} as native_sender_id,

            lower({{ json_text("comment_json", "'$.channel'") }}) as channel_word,
            coalesce({{ json_text("comment_json", "'$.public'") }}, 'true') = 'true' as is_public,
            {{ json_text("comment_json", "'$.body'") }} as message_text,

            _exported_at as exported_at,
            _source_file as source_file,
            _source_row as source_row
        from latest
    )

select *
from final
