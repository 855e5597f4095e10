with
    tweets as (select * from {{ ref("int_twitter_archive_threaded") }}),

    -- The archive has words, times and reply pointers, and nothing an inbox tool would know.
    final as (
        select
            'customer_support_on_twitter' as source,
            message_id as natural_message_id,
            message_id as native_message_id,
            thread_id,
            profile_id,
            in_reply_to_message_id,

            sent_at,

            contact_id,
            contact_id as native_contact_id,
            cast(null as {{ dbt.type_string() }}) as agent_id,

            'x' as network_word,
            'twitter/tweet' as message_type_word,
            direction,
            false as is_bot,
            direction = 'out' as is_own,
            false as is_private,
            false as is_hidden,
            false as is_removed,
            cast(null as {{ dbt.type_string() }}) as sentiment,
            cast(null as {{ dbt.type_string() }}) as tags_text,
            cast(null as {{ dbt.type_string() }}) as template_id,
            message_text,
            false as is_stand_in,

            source_file,
            source_row
        from tweets
    )

select *
from final
