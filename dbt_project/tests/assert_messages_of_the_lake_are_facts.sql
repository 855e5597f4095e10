-- Detects messages lost or doubled between the lake and fct_messages. A returned row is a source
-- whose distinct messages up to the as-of instant differ from what its inbox handed in, or a
-- message that an inbox handed in and that is no fact.
with
    exported as (
        select 'ringcentral_engage' as source, count(distinct id) as messages
        from {{ stream("ringcentral_engage", "messages") }}
        where
            created_at <= {{ as_of() }}
            and id in (select message_id from {{ ref("stg_ringcentral_engage__messages") }})

        union all

        select 'customer_support_on_twitter' as source, count(distinct tweet_id) as messages
        from {{ stream("customer_support_on_twitter", "tweets") }}
        where created_at <= {{ as_of() }}
    ),

    copies as (select * from {{ ref("int_messages_collected") }}),

    handed_in as (
        select source, count(*) as messages, count(distinct copy_key) as distinct_messages
        from copies
        group by source
    ),

    facts as (
        select message_key, count(*) as facts from {{ ref("fct_messages") }} group by message_key
    )

select
    exported.source,
    exported.messages as messages_expected,
    coalesce(handed_in.messages, 0) as messages_found
from exported
left join handed_in on handed_in.source = exported.source
where exported.messages <> coalesce(handed_in.messages, 0)

union all

select source, distinct_messages as messages_expected, messages as messages_found
from handed_in
where messages <> distinct_messages

union all

select copies.source, 1 as messages_expected, coalesce(max(facts.facts), 0) as messages_found
from copies
left join facts on facts.message_key = copies.message_key
-- A stand-in yields to the message it stood for.
where not copies.is_stand_in
group by copies.source, copies.message_key
having coalesce(max(facts.facts), 0) <> 1
