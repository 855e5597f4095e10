with
    messages as (select * from {{ ref("int_messages_unioned") }}),

    patterns as (select * from {{ ref("redirect_patterns") }}),

    answers as (
        select message_key, lower(message_text) as words, message_text
        from messages
        where direction = 'out' and not is_bot and message_text is not null
    ),

    final as (
        select
            answers.message_key,
            patterns.kind as redirect_kind,
            {{ clean_url_label(url_param("answers.message_text", "utm_content")) }}
            as redirect_content
        from answers
        inner join patterns on {{ regex_matches("answers.words", "patterns.pattern") }}
        qualify row_number() over (partition by answers.message_key order by patterns.rank) = 1
    )

select *
from final
