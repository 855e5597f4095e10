with
    exported as (select * from {{ stream("sprout_social", "messages") }}),

    -- A message that two of our profiles received is exported once for each.
    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by guid, customer_profile_id order by {{ latest_version_first() }}
                    ) as place
                from exported
                where created_time <= {{ as_of() }}
            )
        where place = 1
    ),

    -- An alert that somebody follows us is no message, though the tool lists it as one.
    messages as (
        select *, upper(post_type) as post_type_word
        from latest
        where coalesce(upper(post_type), '') not like '%FOLLOWER_ALERT'
    ),

    final as (
        select
            {{ surrogate_key(["guid", "customer_profile_id"]) }} as message_export_key,
            guid as message_id,
            {{ regex_remove("guid", "'^[A-Za-z_]+:'") }} as native_message_id,
            customer_profile_id as profile_id,
            {{ regex_remove("profile_guid", "'^[A-Za-z_]+:'") }} as native_profile_id,
            case_id,
            parent_guid as in_reply_to_message_id,

            created_time as sent_at,

            from_guid as author_id,
            coalesce(is_from_profile, false) as is_from_profile,
            sent_by_id as agent_id,

            case
                when post_type_word like '%MESSENGER%' then 'facebook_messenger' else lower(network)
            end as network_word,
            case
                when
                    post_type_word like '%DIRECT_MESSAGE'
                    or post_type_word like '%_PM'
                    or guid like 'd:%'
                    or guid like 'igdm:%'
                then 'message'
                when post_type_word like '%REVIEW%' or post_type_word like '%RATING'
                then 'review'
                when post_type_word in ('RETWEET', 'PINTEREST_REPIN')
                then 'retweet'
                when post_type_word in ('TWEET', 'RETWEET_COMMENT')
                then 'tweet'
                when
                    post_type_word like '%COMMENT%'
                    or post_type_word like '%MENTION'
                    or post_type_word like '%_REPLY'
                    or post_type_word like '%_TAG'
                then 'comment'
                else 'post'
            end as kind_word,
            post_type_word,
            lower(sentiment) as sentiment,
            text as message_text,

            _exported_at as exported_at,
            _source_file as source_file,
            _source_row as source_row
        from messages
    )

select *
from final
