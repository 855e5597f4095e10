with
    messages as (select * from {{ ref("int_messages_unioned") }}),

    profiles as (select * from {{ ref("int_profiles") }}),

    message_tags as (select * from {{ ref("int_message_tags") }}),

    events as (select * from {{ ref("int_conversation_events_unioned") }}),

    tag_flags as (
        select
            message_key,
            count(*) filter (where tag_kind = 'spam') > 0 as has_spam_tag,
            count(*) filter (where tag_kind = 'no_response_needed') > 0 as has_no_response_tag,
            count(*) filter (where tag_kind = 'needs_response') > 0 as has_response_tag,
            count(*) filter (where tag_kind = 'brand_love') > 0 as has_love_tag,
            count(*) filter (where tag_kind in ('employee', 'giveaway')) > 0 as has_insider_tag
        from message_tags
        group by message_key
    ),

    spam_events as (select distinct message_key from events where event_kind = 'marked_as_spam'),

    described as (
        select
            messages.*,
            profiles.support_status,
            profiles.listens,
            profiles.calendar_id,
            case
                when messages.is_private
                then 'private'
                when messages.message_type_word like '%/retweet'
                then 'repost'
                when messages.message_type_word like '%/comment'
                then 'comment'
                when messages.message_type_word like '%/review'
                then 'review'
                else 'public_post'
            end as message_type,
            coalesce(tag_flags.has_spam_tag, false)
            or spam_events.message_key is not null as is_spam,
            coalesce(messages.message_text like 'RT @%', false)
            or coalesce(messages.message_type_word like '%/retweet', false) as is_repost,
            coalesce(answered.is_own, false) as is_reply_to_own,
            coalesce(tag_flags.has_no_response_tag, false) as has_no_response_tag,
            coalesce(tag_flags.has_response_tag, false) as has_response_tag,
            coalesce(tag_flags.has_love_tag, false) as has_love_tag,
            coalesce(tag_flags.has_insider_tag, false) as has_insider_tag
        from messages
        left join profiles on profiles.profile_key = messages.profile_key
        left join tag_flags on tag_flags.message_key = messages.message_key
        left join spam_events on spam_events.message_key = messages.message_key
        left join messages as answered on answered.message_key = messages.in_reply_to_message_key
    ),

    -- A tag a person set decides; without one, what is private, a review, a question or a mention
    -- wants an answer.
    ruled as (
        select
            *,
            direction = 'in'
            and not has_no_response_tag
            and (
                has_response_tag
                or is_private
                or message_type = 'review'
                or coalesce(message_text like '%?%', false)
                or coalesce(message_text like '%@%', false)
            ) as needs_response,
            case
                when listens and not is_private and not is_reply_to_own then 'about_us' else 'to_us'
            end as directedness
        from described
    ),

    final as (
        select
            *,
            direction = 'in'
            and not is_own
            and not is_spam
            and not is_hidden
            and not is_repost
            and support_status = 'active'
            and needs_response as is_eligible,
            direction = 'in'
            and not is_own
            and not is_spam
            and not is_repost
            and coalesce(sentiment = 'positive', false)
            and has_love_tag
            and not has_insider_tag as is_brand_love
        from ruled
    )

select *
from final
