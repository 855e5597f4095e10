with
    exported as (select * from {{ stream("customer_support_on_twitter", "tweets") }}),

    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by tweet_id order by {{ latest_version_first() }}
                    ) as place
                from exported
                where created_at <= {{ as_of() }}
            )
        where place = 1
    ),

    final as (
        select
            tweet_id as message_id,
            in_response_to_tweet_id as in_reply_to_message_id,

            created_at as sent_at,

            author_id,

            case when inbound then 'in' else 'out' end as direction,
            text as message_text,

            _exported_at as exported_at,
            _source_file as source_file,
            _source_row as source_row
        from latest
    )

select *
from final
