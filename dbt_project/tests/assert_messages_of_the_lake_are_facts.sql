-- Detects messages lost or doubled between the lake and fct_messages.
-- A returned row is a source whose distinct messages up to the as-of instant differ from its facts.
with
    exported as (
        select 'ringcentral_engage' as source, count(distinct id) as messages
        from {{ source("ringcentral_engage", "messages") }}
        where
            created_at <= {{ as_of() }}
            and id in (select message_id from {{ ref("stg_ringcentral_engage__messages") }})

        union all

        select 'customer_support_on_twitter' as source, count(distinct tweet_id) as messages
        from {{ source("customer_support_on_twitter", "tweets") }}
        where created_at <= {{ as_of() }}
    ),

    facts as (select source, count(*) as messages from {{ ref("fct_messages") }} group by source)

select
    exported.source,
    exported.messages as messages_exported,
    coalesce(facts.messages, 0) as messages_in_facts
from exported
left join facts on facts.source = exported.source
where exported.messages <> coalesce(facts.messages, 0)
