with
    comments as (select * from {{ ref("stg_zendesk__comments") }}),

    tickets as (select * from {{ ref("stg_zendesk__tickets") }}),

    audit_events as (select * from {{ ref("stg_zendesk__audit_events") }}),

    ratings as (select * from {{ ref("stg_zendesk__satisfaction_ratings") }}),

    -- One list of users holds agents and customers; who was ever given a ticket, or wrote what
    -- customers do not see, is an agent whatever else they did.
    certain as (
        select assignee_id as user_id, created_at as seen_at
        from tickets

        union all

        select new_value as user_id, event_at as seen_at
        from audit_events
        where field_name = 'assignee_id'

        union all

        select assignee_id as user_id, sent_at as seen_at
        from ratings

        union all

        select author_id as user_id, sent_at as seen_at
        from comments
        where not is_public
    ),

    customers as (
        select requester_id as user_id
        from tickets
        where requester_id is not null

        union

        select author_id as user_id
        from comments
        where author_id is not null and sender_id is not null
    ),

    -- Who changes tickets or types into them, and is a customer nowhere, is one too.
    likely as (
        select author_id as user_id, event_at as seen_at
        from audit_events
        where field_name is not null and not is_automatic

        union all

        select author_id as user_id, sent_at as seen_at
        from comments
        where sender_id is null and channel_word in ('web', 'api', 'mobile')
    ),

    together as (
        select user_id, seen_at
        from certain

        union all

        select likely.user_id, likely.seen_at
        from likely
        left join customers on customers.user_id = likely.user_id
        where customers.user_id is null
    ),

    final as (
        select user_id, min(seen_at) as first_seen_at
        from together
        where user_id is not null and user_id <> '-1'
        group by user_id
    )

select *
from final
