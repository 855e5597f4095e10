with
    messages as (select * from {{ ref("int_messages_unioned") }}),

    answers as (
        select message_key, lower(message_text) as words, message_text
        from messages
        where direction = 'out' and not is_bot and message_text is not null
    ),

    told as (
        select
            message_key,
            message_text,
            case
                {% for kind, pattern in var("redirect_patterns").items() %}
                    when {{ regex_matches("words", "'" ~ pattern ~ "'") }} then '{{ kind }}'
                {% endfor %}
            end as redirect_kind
        from answers
    ),

    final as (
        select
            message_key,
            redirect_kind,
            {{ clean_url_label(url_param("message_text", "utm_content")) }} as redirect_content
        from told
        where redirect_kind is not null
    )

select *
from final
