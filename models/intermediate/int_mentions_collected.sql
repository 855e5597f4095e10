with
    messages as (select * from {{ ref("int_messages_classified") }}),

    contacts as (select * from {{ ref("int_contacts") }}),

    told as (
        {% for source in var("listening")["mentions"] %}
            select
                source,
                network,
                natural_mention_id,
                native_message_id,
                sent_at,
                native_author_id,
                author_followers,
                is_verified,
                mention_text,
                language,
                sentiment,
                engagements,
                impressions,
                is_repost,
                in_reply_to_native_id,
                exported_at,
                {{ loop.index }} as source_rank
            from {{ ref("int_" ~ source ~ "_mentions") }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    listened as (
        select
            case
                when native_message_id is not null
                then {{ surrogate_key(["network", "native_message_id"]) }}
                else {{ surrogate_key(["source", "natural_mention_id"]) }}
            end as mention_key,
            cast(null as {{ dbt.type_string() }}) as message_key,
            case
                when native_author_id is not null
                then {{ surrogate_key(["network", "native_author_id"]) }}
            end as author_key,
            case
                when in_reply_to_native_id is not null
                then {{ surrogate_key(["network", "in_reply_to_native_id"]) }}
            end as in_reply_to_key,
            source,
            network,
            natural_mention_id,
            sent_at,
            author_followers,
            is_verified,
            mention_text,
            language,
            sentiment,
            engagements,
            impressions,
            is_repost,
            true as is_listened,
            exported_at,
            source_rank
        from told
    ),

    -- What the inbox catches about us is a mention too; it listens for nobody else, so it has no
    -- part in share of voice.
    caught as (
        select
            messages.message_key as mention_key,
            messages.message_key,
            messages.contact_key as author_key,
            messages.in_reply_to_message_key as in_reply_to_key,
            messages.source,
            messages.network,
            messages.natural_message_id as natural_mention_id,
            messages.sent_at,
            contacts.followers as author_followers,
            cast(null as boolean) as is_verified,
            messages.message_text as mention_text,
            cast(null as {{ dbt.type_string() }}) as language,
            messages.sentiment,
            cast(null as bigint) as engagements,
            cast(null as bigint) as impressions,
            messages.is_repost,
            false as is_listened,
            cast(null as timestamp) as exported_at,
            1000 as source_rank
        from messages
        left join contacts on contacts.contact_key = messages.contact_key
        where
            messages.direction = 'in'
            and messages.directedness = 'about_us'
            and not messages.is_private
            and not messages.is_spam
    ),

    final as (
        select {{ surrogate_key(["source", "natural_mention_id", "is_listened"]) }} as copy_key, *
        from listened

        union all

        select {{ surrogate_key(["source", "natural_mention_id", "is_listened"]) }} as copy_key, *
        from caught
    )

select *
from final
