with
    exported as (select * from {{ stream("zendesk", "tickets") }}),

    -- A change made by the system moves `generated_timestamp` and not `updated_at`; a full export
    -- has neither newer and is true for the instant it was made.
    dated as (
        select
            *,
            coalesce(
                {{ add_seconds("cast('1970-01-01 00:00:00' as timestamp)", "generated_timestamp") }},
                _exported_at
            ) as known_at
        from exported
        where created_at <= {{ as_of() }} and coalesce(updated_at, created_at) <= {{ as_of() }}
    ),

    -- Time-based exports list a ticket twice when it changes while they run.
    deduplicated as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by ticket_id, _exported_at
                        order by known_at desc, updated_at desc, {{ latest_version_first() }}
                    ) as place
                from dated
            )
        where place = 1
    ),

    worded as (
        select
            *,
            replace(
                replace(lower(channel), 'sunshine_conversations_', ''), ' ', '_'
            ) as channel_word,
            replace(lower(service), ' ', '_') as service_word,
            replace(lower(rel), ' ', '_') as rel_word
        from deduplicated
    ),

    final as (
        select
            {{ surrogate_key(["ticket_id", "_exported_at"]) }} as ticket_version_key,
            ticket_id,
            row_number() over (
                partition by ticket_id
                order by known_at desc, _exported_at desc, {{ latest_version_first() }}
            )
            = 1 as is_latest,

            known_at,
            _exported_at as exported_at,
            created_at,
            updated_at,

            requester_id,
            assignee_id,
            group_id,

            lower(status) as status,
            case
                when lower(priority) = 'urgent' then 'critical' else lower(priority)
            end as priority,
            tags as tags_json,
            case
                when channel_word = 'any_channel'
                then coalesce(service_word, channel_word)
                when channel_word = 'facebook' and rel_word = 'message'
                then 'facebook_messenger'
                else channel_word
            end as network_word,
            -- What the public reads, unless it was written as a direct message.
            not coalesce(
                channel_word in ('twitter', 'x', 'facebook', 'any_channel')
                and coalesce(rel_word, '') not in ('direct_message', 'message', 'dm'),
                false
            ) as is_private,
            coalesce(
                lower(to_username), to_facebook_id, lower(to_address), channel_word, 'unknown'
            ) as profile_id,
            lower(satisfaction_score) as satisfaction_score
        from worded
    )

select *
from final
