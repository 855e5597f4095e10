with
    copies as (select * from {{ ref("int_mentions_collected") }}),

    messages as (select * from {{ ref("int_messages_classified") }}),

    message_tags as (select * from {{ ref("int_message_tags") }}),

    contacts as (select * from {{ ref("int_contacts") }}),

    posts as (select * from {{ ref("int_posts_described") }}),

    answers as (select * from {{ ref("int_message_answers") }}),

    needles as (select * from {{ ref("int_keyword_needles") }} where is_own_handle),

    employees as (
        select distinct messages.contact_key
        from message_tags
        inner join messages on messages.message_key = message_tags.message_key
        where message_tags.tag_kind = 'employee' and messages.contact_key is not null
    ),

    ours as (
        select message_key as own_key
        from messages
        where is_own or direction = 'out'

        union

        select post_key as own_key
        from posts
    ),

    ordered as (
        select
            *,
            row_number() over (
                partition by mention_key
                order by
                    source_rank,
                    exported_at desc,
                    length(natural_mention_id),
                    natural_mention_id,
                    is_listened desc
            ) as preference
        from copies
    ),

    -- The feed first in the list tells a mention; what it does not know another may.
    united as (
        select
            mention_key,
            min_by(source, preference) as source,
            min_by(network, preference) as network,
            min_by(sent_at, preference) as sent_at,
            min_by(author_key, preference) filter (where author_key is not null) as author_key,
            min_by(in_reply_to_key, preference) filter (
                where in_reply_to_key is not null
            ) as in_reply_to_key,
            min_by(author_followers, preference) filter (
                where author_followers is not null
            ) as author_followers,
            min_by(is_verified, preference) filter (where is_verified is not null) as is_verified,
            min_by(mention_text, preference) filter (
                where mention_text is not null
            ) as mention_text,
            min_by(language, preference) filter (where language is not null) as language,
            min_by(sentiment, preference) filter (where sentiment is not null) as sentiment,
            min_by(engagements, preference) filter (where engagements is not null) as engagements,
            min_by(impressions, preference) filter (where impressions is not null) as impressions,
            max(case when is_repost then 1 else 0 end) = 1 as is_marked_repost,
            max(case when is_listened then 1 else 0 end) = 1 as is_listened
        from ordered
        group by mention_key
    ),

    searchable as (
        select
            *,
            {{ searchable_tokens("folded_mention") }} as tokens,
            {{ searchable_words("folded_mention") }} as words
        from (select *, {{ folded_text("mention_text") }} as folded_mention from united) as folded
    ),

    addressed as (
        select distinct searchable.mention_key
        from searchable
        inner join needles on contains(searchable.tokens, needles.needle)
    ),

    final as (
        select
            searchable.mention_key,
            messages.message_key,
            searchable.author_key,

            searchable.sent_at,
            {{ reporting_date("searchable.sent_at") }} as sent_on,

            searchable.source,
            searchable.network,

            searchable.author_followers,
            searchable.is_verified,

            -- Who speaks to us and about us at once speaks to us.
            case
                when messages.message_key is not null
                then messages.directedness
                when replied.own_key is not null or addressed.mention_key is not null
                then 'to_us'
                else 'about_us'
            end as directedness,
            searchable.is_listened,
            (searchable.is_marked_repost or coalesce(searchable.mention_text like 'RT @%', false))
            or coalesce(messages.is_repost, false) as is_repost,
            own.own_key is not null
            or coalesce(contacts.is_own, false)
            or employees.contact_key is not null as is_by_us,
            coalesce(messages.is_spam, false) as is_spam,

            searchable.sentiment,
            searchable.language,
            searchable.mention_text,
            searchable.words,
            searchable.tokens,
            case
                when searchable.words is not null
                then {{ surrogate_key(["searchable.words", "searchable.tokens"]) }}
            end as text_key,

            searchable.engagements,
            searchable.impressions,

            answers.answered_at
        from searchable
        left join messages on messages.message_key = searchable.mention_key
        left join ours as own on own.own_key = searchable.mention_key
        left join ours as replied on replied.own_key = searchable.in_reply_to_key
        left join addressed on addressed.mention_key = searchable.mention_key
        left join contacts on contacts.contact_key = searchable.author_key
        left join employees on employees.contact_key = searchable.author_key
        left join answers on answers.message_key = searchable.mention_key
    )

select *
from final
where not is_spam
