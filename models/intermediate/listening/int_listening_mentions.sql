with
    mentions as (select * from {{ ref("stg_listening__mentions") }}),

    network_aliases as (select * from {{ ref("network_aliases") }}),

    final as (
        select
            'listening' as source,
            coalesce(network_aliases.network, mentions.network_word) as network,
            mentions.mention_id as natural_mention_id,
            mentions.native_message_id,

            mentions.sent_at,

            mentions.native_author_id,
            mentions.author_followers,
            mentions.is_verified,

            mentions.mention_text,
            mentions.language,
            mentions.sentiment,

            mentions.engagements,
            mentions.impressions,

            mentions.permalink,
            mentions.is_repost,
            mentions.in_reply_to_native_id,
            mentions.topic,

            mentions.exported_at
        from mentions
        left join network_aliases on network_aliases.alias = mentions.network_word
    )

select *
from final
