with
    exported as (select * from {{ stream("sprout_social", "cases") }}),

    listed as (
        select case_id, _exported_at, {{ json_rows("messages") }} as message
        from exported
        where _exported_at <= {{ as_of() }} or not _exported_at_is_known
    ),

    read as (
        select
            case_id,
            _exported_at,
            {{ json_text("message", "'$.guid'") }} as message_id,
            try_cast({{ json_text("message", "'$.msg_created_date'") }} as timestamp) as sent_at,
            lower({{ json_text("message", "'$.case_message_direction'") }}) as direction_word
        from listed
    ),

    -- A message that moved to another case belongs to the case that listed it last.
    final as (
        select {{ all_but("place") }}
        from
            (
                select
                    message_id,
                    case_id,
                    sent_at,
                    direction_word,
                    _exported_at as exported_at,
                    row_number() over (
                        partition by message_id order by _exported_at desc, case_id desc
                    ) as place
                from read
                where message_id is not null
            )
        where place = 1
    )

select *
from final
