with
    topic_mentions as (select * from {{ ref("stg_sprout_social__listening_messages") }}),

    network_aliases as (select * from {{ ref("network_aliases") }}),

    -- Of the topics that found a message the latest export tells it, of two the first by name.
    mentions as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by mention_id order by exported_at desc, topic, mention_topic_key
                    ) as place
                from topic_mentions
            )
        where place = 1
    ),

    final as (
        select
            'sprout_social' as source,
            coalesce(network_aliases.network, mentions.network_word, 'unknown') as network,
            mentions.mention_id as natural_mention_id,
            mentions.native_message_id,
            mentions.sent_at,

            mentions.author_id as native_author_id,
            mentions.author_followers,
            cast(null as boolean) as is_verified,

            mentions.mention_text,
            mentions.language,
            case
                when mentions.sentiment_word in ('positive', 'neutral', 'negative')
                then mentions.sentiment_word
            end as sentiment,
            mentions.engagements,
            mentions.impressions,
            mentions.permalink,
            coalesce(mentions.post_type_word in ('RETWEET', 'PINTEREST_REPIN'), false)
            or coalesce(mentions.mention_text like 'RT @%', false) as is_repost,
            mentions.in_reply_to_native_id,
            mentions.topic,
            mentions.exported_at
        from mentions
        left join network_aliases on network_aliases.alias = mentions.network_word
    )

select *
from final
