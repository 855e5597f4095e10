with
    ringcentral as (select * from {{ ref("stg_ringcentral_engage__messages") }}),

    twitter_archive as (select * from {{ ref("int_twitter_archive_threaded") }}),

    identities as (select * from {{ ref("stg_ringcentral_engage__identities") }}),

    network_aliases as (select * from {{ ref("network_aliases") }}),

    unioned as (
        select
            'ringcentral_engage' as source,
            ringcentral.message_id as natural_message_id,
            ringcentral.thread_id,
            ringcentral.profile_id,
            ringcentral.in_reply_to_message_id,
            ringcentral.sent_at,
            case when ringcentral.direction = 'in' then ringcentral.author_id end as contact_id,
            ringcentral.agent_id,
            ringcentral.network_word,
            ringcentral.message_type_word,
            ringcentral.direction,
            ringcentral.direction = 'out' and ringcentral.is_automatic as is_bot,
            ringcentral.direction = 'out' or coalesce(identities.is_own, false) as is_own,
            ringcentral.is_private,
            ringcentral.direction = 'in' and not ringcentral.is_published as is_hidden,
            ringcentral.is_removed,
            ringcentral.sentiment,
            ringcentral.tags_text,
            ringcentral.message_text,
            ringcentral.source_file,
            ringcentral.source_row
        from ringcentral
        left join identities on identities.contact_id = ringcentral.author_id

        union all

        select
            'customer_support_on_twitter' as source,
            message_id as natural_message_id,
            thread_id,
            profile_id,
            in_reply_to_message_id,
            sent_at,
            contact_id,
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
            message_text,
            source_file,
            source_row
        from twitter_archive
    ),

    -- A network that no alias names keeps its own word: a new network works from its first day.
    final as (
        select
            {{ surrogate_key(["unioned.source", "unioned.natural_message_id"]) }} as message_key,
            {{ surrogate_key(["unioned.source", "unioned.thread_id"]) }} as thread_key,
            {{ surrogate_key(["unioned.source", "unioned.profile_id"]) }} as profile_key,
            unioned.*,
            coalesce(network_aliases.network, unioned.network_word, 'unknown') as network
        from unioned
        left join network_aliases on network_aliases.alias = unioned.network_word
    )

select *
from final
