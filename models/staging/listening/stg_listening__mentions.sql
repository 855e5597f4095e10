with
    exported as (select * from {{ stream("listening", "mentions") }}),

    -- Engagements and sentiment change from one export to the next: the latest one tells.
    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by mention_id order by {{ latest_version_first() }}
                    ) as place
                from exported
                where
                    sent_at <= {{ as_of() }}
                    and (not _exported_at_is_known or _exported_at <= {{ as_of() }})
            )
        where place = 1
    ),

    final as (
        select
            {{ surrogate_key(["'listening'", "mention_id"]) }} as listening_mention_key,
            mention_id,
            native_id as native_message_id,
            in_reply_to_id as in_reply_to_native_id,

            sent_at,

            author_id as native_author_id,
            author_followers,
            is_verified,

            lower({{ squeeze_spaces("network") }}) as network_word,
            lower({{ squeeze_spaces("language") }}) as language,
            {{ sentiment_word("sentiment") }} as sentiment,
            nullif({{ squeeze_spaces("topic") }}, '') as topic,
            coalesce(is_repost, false) as is_repost,
            permalink,
            text as mention_text,

            engagements,
            impressions,

            _exported_at as exported_at
        from latest
    )

select *
from final
