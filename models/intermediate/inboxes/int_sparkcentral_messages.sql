with
    messages as (select * from {{ ref("stg_sparkcentral__messages") }}),

    final as (
        select
            'sparkcentral' as source,
            message_id as natural_message_id,
            native_message_id,
            thread_id,
            profile_id,
            in_reply_to_message_id,

            sent_at,

            case when direction = 'in' then contact_id end as contact_id,
            case when direction = 'in' then contact_id end as native_contact_id,
            case when direction = 'out' and not is_automatic then agent_id end as agent_id,

            network_word,
            case
                when is_private
                then network_word || '/message'
                when network_word in ('x', 'twitter')
                then 'twitter/tweet'
                when
                    network_word in (
                        'google_business',
                        'google_my_business',
                        'google_playstore',
                        'apple_appstore'
                    )
                then network_word || '/review'
                else network_word || '/comment'
            end as message_type_word,
            direction,
            direction = 'out' and is_automatic as is_bot,
            direction = 'out' as is_own,
            is_private,
            false as is_hidden,
            false as is_removed,
            sentiment,
            cast(null as {{ dbt.type_string() }}) as tags_text,
            template_id,
            message_text,
            false as is_stand_in,

            source_file,
            source_row
        from messages
    )

select *
from final
