with
    actions as (select * from {{ ref("stg_sprout_social__message_actions") }}),

    messages as (select * from {{ ref("int_sprout_social_messages") }}),

    exports as (
        select message_id, max(exported_at) as exported_at
        from {{ ref("stg_sprout_social__messages") }}
        group by message_id
    ),

    -- The tool times each message; a reply by a rule is none.
    final as (
        select {{ all_but("place") }}
        from
            (
                select
                    'sprout_social' as source,
                    messages.thread_id,
                    messages.sent_at as opened_at,
                    'first_reply_s' as metric,
                    cast(actions.reported_elapsed_s as double) as value,
                    exports.exported_at as reported_at,
                    row_number() over (
                        partition by messages.thread_id, messages.sent_at
                        order by actions.reported_elapsed_s, actions.message_id
                    ) as place
                from actions
                inner join messages on messages.natural_message_id = actions.message_id
                inner join exports on exports.message_id = actions.message_id
                where
                    actions.action_word = 'reply'
                    and not actions.is_automatic
                    and actions.reported_elapsed_s is not null
                    and messages.direction = 'in'
            )
        where place = 1
    )

select *
from final
