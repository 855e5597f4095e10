with
    exported as (select * from {{ stream("sprout_social", "listening_messages") }}),

    -- A message that two topics found is exported once for each.
    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    coalesce(topic_id, folder) as topic,
                    row_number() over (
                        partition by guid, coalesce(topic_id, folder)
                        order by {{ latest_version_first() }}
                    ) as place
                from exported
                where
                    created_time <= {{ as_of() }}
                    and (not _exported_at_is_known or _exported_at <= {{ as_of() }})
            )
        where place = 1
    ),

    final as (
        select
            {{ surrogate_key(["guid", "topic"]) }} as mention_topic_key,
            guid as mention_id,
            {{ regex_remove("guid", "'^[A-Za-z_]+:'") }} as native_message_id,
            topic,
            lower(network) as network_word,

            created_time as sent_at,
            case
                when _exported_at > {{ as_of() }} then {{ as_of() }} else _exported_at
            end as exported_at,

            from_guid as author_id,
            coalesce(followers_count, followers_count_metric) as author_followers,

            upper(post_type) as post_type_word,
            text as mention_text,
            lower(language) as language,
            lower(sentiment) as sentiment_word,
            {{ regex_remove("parent_message_id", "'^[A-Za-z_]+:'") }} as in_reply_to_native_id,
            perma_link as permalink,

            coalesce(
                engagements,
                case
                    when coalesce(likes, replies, shares_count) is not null
                    then coalesce(likes, 0) + coalesce(replies, 0) + coalesce(shares_count, 0)
                end
            ) as engagements,
            impressions
        from latest
    )

select *
from final
