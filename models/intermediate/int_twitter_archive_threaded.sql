with
    tweets as (select * from {{ ref("stg_customer_support_on_twitter__tweets") }}),

    -- A reply cannot precede what it answers; such a pointer is damage and would let a chain run
    -- in a circle.
    linked as (
        select
            tweets.*,
            parents.message_id as parent_id,
            parents.author_id as parent_author_id,
            parents.direction as parent_direction
        from tweets
        left join
            tweets as parents
            on parents.message_id = tweets.in_reply_to_message_id
            and (parents.sent_at, length(parents.message_id), parents.message_id)
            < (tweets.sent_at, length(tweets.message_id), tweets.message_id)
    ),

    -- A brand message whose question is not in the archive belongs to the one contact who answers
    -- it, if it is one.
    answering_contacts as (
        select parent_id, min(author_id) as contact_id
        from linked
        where direction = 'in' and parent_direction = 'out'
        group by parent_id
        having count(distinct author_id) = 1
    ),

    roots as (select * from {{ chain_ends("linked", "message_id", "parent_id") }} as ends),

    -- A brand message is for whom it answers, be it through other messages of the brand.
    heard as (
        select
            message_id,
            author_id,
            direction,
            case when direction = 'out' then parent_id end as heard_id
        from linked
    ),

    addressed as (select * from {{ chain_ends("heard", "message_id", "heard_id") }} as ends),

    chains as (
        select
            roots.message_id,
            roots.end_id as root_id,
            case
                when heard.direction = 'in' then heard.author_id else answering_contacts.contact_id
            end as contact_id
        from roots
        inner join addressed on addressed.message_id = roots.message_id
        inner join heard on heard.message_id = addressed.end_id
        left join answering_contacts on answering_contacts.parent_id = addressed.end_id
    ),

    threaded as (
        select
            linked.*,
            chains.contact_id,
            chains.root_id || ':' || coalesce(chains.contact_id, 'nobody') as thread_id,
            row_number() over (
                order by linked.sent_at, length(linked.message_id), linked.message_id
            ) as position,
            {{ regex_group("linked.message_text", "'@([A-Za-z_][A-Za-z0-9_]+)'") }} as mention
        from linked
        inner join chains on chains.message_id = linked.message_id
    ),

    -- The brand that answers first; for an unanswered thread the first handle it mentions.
    brands as (
        select
            thread_id,
            min_by(author_id, position) filter (where direction = 'out') as answering_brand,
            min_by(mention, position) filter (where mention is not null) as mentioned_handle
        from threaded
        group by thread_id
    ),

    final as (
        select
            threaded.message_id,
            threaded.thread_id,
            lower(
                coalesce(
                    case when threaded.direction = 'out' then threaded.author_id end,
                    brands.answering_brand,
                    brands.mentioned_handle,
                    'unknown'
                )
            ) as profile_id,
            threaded.in_reply_to_message_id,

            threaded.sent_at,

            threaded.contact_id,
            threaded.author_id,

            threaded.direction,
            threaded.message_text,
            threaded.exported_at,
            threaded.source_file,
            threaded.source_row
        from threaded
        inner join brands on brands.thread_id = threaded.thread_id
    )

select *
from final
