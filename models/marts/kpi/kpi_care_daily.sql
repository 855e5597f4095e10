with
    messages as (select * from {{ ref("fct_messages") }}),

    replies as (select * from {{ ref("fct_replies") }} where is_in_scope),

    conversations as (select * from {{ ref("fct_conversations") }} where is_in_scope),

    spans as (select * from {{ ref("int_conversation_spans") }}),

    open_conversations as (select * from {{ ref("fct_conversation_daily") }} where is_in_scope),

    profiles as (select * from {{ ref("dim_profile") }}),

    dates as (select * from {{ ref("dim_date") }}),

    received as (
        select
            sent_on as date_on,
            profile_key,
            count(*) as inbound_messages,
            count(*) filter (where directedness = 'to_us') as inbound_to_us_messages,
            count(*) filter (where is_brand_love) as brand_love_messages
        from messages
        where direction = 'in' and not is_spam and not is_own
        group by sent_on, profile_key
    ),

    waited as (
        select
            started_on as date_on,
            profile_key,
            count(*) as needs_response_turns,
            count(*) filter (where is_first and is_replied) as first_replies,
            sum(wait_s) filter (where is_first and is_replied) as first_reply_s,
            sum(wait_business_s) filter (where is_first and is_replied) as first_reply_business_s,
            count(*) filter (
                where is_first and is_replied and wait_s <= 14400
            ) as first_replies_within_4h,
            count(*) filter (
                where is_first and (is_replied or age_s > 14400)
            ) as first_replies_decided_4h,
            count(*) filter (
                where is_first and is_replied and wait_s <= 3600
            ) as first_replies_within_1h,
            count(*) filter (
                where is_first and (is_replied or age_s > 3600)
            ) as first_replies_decided_1h,
            count(*) filter (where is_replied and not is_bot_contained) as replies,
            sum(wait_s) filter (where is_replied and not is_bot_contained) as reply_s,
            count(*) filter (where not is_bot_contained and age_s > 86400) as mature_turns,
            count(*) filter (
                where not is_bot_contained and age_s > 86400 and is_replied
            ) as mature_replied_turns
        from replies
        group by started_on, profile_key
    ),

    moved as (
        select
            {{ reporting_date("spans.span_started_at") }} as date_on,
            conversations.profile_key,
            count(*) filter (where not spans.is_reopen) as new_cases,
            count(*) filter (where spans.is_reopen) as reopened_cases,
            0 as ended_cases
        from spans
        inner join conversations on conversations.conversation_key = spans.conversation_key
        group by {{ reporting_date("spans.span_started_at") }}, conversations.profile_key

        union all

        select
            {{ reporting_date("spans.span_ended_at") }} as date_on,
            conversations.profile_key,
            0 as new_cases,
            0 as reopened_cases,
            count(*) as ended_cases
        from spans
        inner join conversations on conversations.conversation_key = spans.conversation_key
        where spans.span_ended_at is not null
        group by {{ reporting_date("spans.span_ended_at") }}, conversations.profile_key
    ),

    flows as (
        select
            date_on,
            profile_key,
            sum(new_cases) as new_cases,
            sum(reopened_cases) as reopened_cases,
            sum(ended_cases) as ended_cases
        from moved
        group by date_on, profile_key
    ),

    backlog as (
        select
            day_on as date_on,
            profile_key,
            count(*) as open_cases,
            count(*) filter (where is_unanswered) as unanswered_cases
        from open_conversations
        group by day_on, profile_key
    ),

    keys as (
        select date_on, profile_key
        from received
        union
        select date_on, profile_key
        from waited
        union
        select date_on, profile_key
        from flows
        union
        select date_on, profile_key
        from backlog
    ),

    final as (
        select
            {{ surrogate_key(["keys.date_on", "keys.profile_key"]) }} as care_daily_key,
            keys.date_on,
            keys.profile_key,
            profiles.network,
            profiles.product,
            coalesce(received.inbound_messages, 0) as inbound_messages,
            coalesce(received.inbound_to_us_messages, 0) as inbound_to_us_messages,
            coalesce(received.brand_love_messages, 0) as brand_love_messages,
            coalesce(waited.needs_response_turns, 0) as needs_response_turns,
            coalesce(waited.first_replies, 0) as first_replies,
            cast(coalesce(waited.first_reply_s, 0) as bigint) as first_reply_s,
            cast(coalesce(waited.first_reply_business_s, 0) as bigint) as first_reply_business_s,
            coalesce(waited.first_replies_within_4h, 0) as first_replies_within_4h,
            coalesce(waited.first_replies_decided_4h, 0) as first_replies_decided_4h,
            coalesce(waited.first_replies_within_1h, 0) as first_replies_within_1h,
            coalesce(waited.first_replies_decided_1h, 0) as first_replies_decided_1h,
            coalesce(waited.replies, 0) as replies,
            cast(coalesce(waited.reply_s, 0) as bigint) as reply_s,
            coalesce(waited.mature_turns, 0) as mature_turns,
            coalesce(waited.mature_replied_turns, 0) as mature_replied_turns,
            cast(coalesce(flows.new_cases, 0) as bigint) as new_cases,
            cast(coalesce(flows.reopened_cases, 0) as bigint) as reopened_cases,
            cast(coalesce(flows.ended_cases, 0) as bigint) as ended_cases,
            -- The running day has no end yet, so its backlog is not known.
            case
                when dates.day_ends_at <= {{ as_of() }} then coalesce(backlog.open_cases, 0)
            end as open_cases,
            case
                when dates.day_ends_at <= {{ as_of() }} then coalesce(backlog.unanswered_cases, 0)
            end as unanswered_cases
        from keys
        inner join dates on dates.date_on = keys.date_on
        left join profiles on profiles.profile_key = keys.profile_key
        left join
            received on received.date_on = keys.date_on and received.profile_key = keys.profile_key
        left join waited on waited.date_on = keys.date_on and waited.profile_key = keys.profile_key
        left join flows on flows.date_on = keys.date_on and flows.profile_key = keys.profile_key
        left join
            backlog on backlog.date_on = keys.date_on and backlog.profile_key = keys.profile_key
    )

select *
from final
