-- Detects messages of Sprout Social lost or doubled on the way from the lake to the feed.
-- A returned row is a message that only one of the two knows; follower alerts are no messages,
-- and stand-ins for replies
-- are in no export.
with
    exported as (
        select distinct guid as message_id
        from {{ stream("sprout_social", "messages") }}
        where
            created_time <= {{ as_of() }}
            and coalesce(upper(post_type), '') not like '%FOLLOWER_ALERT'
    ),

    fed as (
        select natural_message_id as message_id
        from {{ ref("int_sprout_social_messages") }}
        where
            natural_message_id not in (
                select reply_message_id
                from {{ ref("int_sprout_social_replies") }}
                where is_stand_in
            )
    )

select exported.message_id as exported_message_id, fed.message_id as fed_message_id
from exported
full outer join fed on fed.message_id = exported.message_id
where exported.message_id is null or fed.message_id is null
