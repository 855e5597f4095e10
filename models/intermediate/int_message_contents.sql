with
    messages as (select * from {{ ref("int_messages_unioned") }}),

    links as (
        select
            message_key, {{ clean_url_label(url_param("message_text", "utm_content")) }} as content
        from messages
        where direction = 'out' and not is_bot and message_text like '%utm_content=%'
    ),

    final as (select message_key, content from links where content is not null)

select *
from final
