with
    exported as (select * from {{ stream("sparkcentral", "messages") }}),

    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    lower(replace({{ squeeze_spaces("medium") }}, ' ', '_')) as network_word,
                    row_number() over (
                        partition by message_id order by {{ latest_version_first() }}
                    ) as place
                from exported
                where sent_at <= {{ as_of() }}
            )
        where place = 1
    ),

    final as (
        select
            message_id,
            network_message_id as native_message_id,
            conversation_id as thread_id,
            channel as profile_id,
            in_reply_to as in_reply_to_message_id,

            sent_at,

            contact_profile_id as contact_id,
            agent_id,

            network_word,
            channel_display_name as profile_name,
            case when lower(direction) = 'outbound' then 'out' else 'in' end as direction,
            coalesce(is_automated, false) as is_automatic,
            coalesce(
                is_private,
                network_word
                in ('whatsapp', 'messenger', 'facebook_messenger', 'sms', 'wechat', 'telegram')
            ) as is_private,
            lower(sentiment) as sentiment,
            template_id,
            content as message_text,

            _exported_at as exported_at,
            _source_file as source_file,
            _source_row as source_row
        from latest
    )

select *
from final
