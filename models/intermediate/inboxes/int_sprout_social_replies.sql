{#- How far the clock of the network and the clock of the tool may be apart. -#}
{% set tolerance_s = 10 %}

with
    copies as (select * from {{ ref("stg_sprout_social__messages") }}),

    actions as (select * from {{ ref("stg_sprout_social__message_actions") }}),

    messages as (
        select {{ all_but("place") }}
        from
            (
                select
                    message_id,
                    profile_id,
                    native_profile_id,
                    sent_at,
                    agent_id,
                    is_from_profile,
                    row_number() over (
                        partition by message_id
                        order by case when is_from_profile then 0 else 1 end, profile_id
                    ) as place
                from copies
            )
        where place = 1
    ),

    sent as (select * from messages where is_from_profile or agent_id is not null),

    -- The profiles that received a message: our answer comes from any of them.
    replied as (
        select distinct
            actions.message_id,
            copies.profile_id,
            copies.native_profile_id,
            actions.action_at,
            actions.agent_id,
            actions.is_automatic,
            actions.reported_elapsed_s
        from actions
        inner join copies on copies.message_id = actions.message_id
        where
            actions.action_word = 'reply' and not copies.is_from_profile and copies.agent_id is null
    ),

    -- The minutes in which its message may have gone out: an equal join over many thousand replies.
    expected as (
        select
            message_id,
            profile_id,
            native_profile_id,
            action_at,
            agent_id,
            is_automatic,
            reported_elapsed_s,
            date_trunc('minute', {{ add_seconds("action_at", "-" ~ tolerance_s) }}) as sent_minute
        from replied

        union

        select
            message_id,
            profile_id,
            native_profile_id,
            action_at,
            agent_id,
            is_automatic,
            reported_elapsed_s,
            date_trunc('minute', {{ add_seconds("action_at", tolerance_s) }}) as sent_minute
        from replied
    ),

    -- The tool does not say which message a reply action sent. It went from the same profile, by
    -- the same person, at the same time; a rule sends without a person.
    candidates as (
        select
            sent.message_id as reply_message_id,
            expected.message_id,
            abs({{ seconds_between("expected.action_at", "sent.sent_at") }}) as distance_s
        from expected
        inner join
            sent
            on date_trunc('minute', sent.sent_at) = expected.sent_minute
            and coalesce(sent.profile_id, sent.native_profile_id)
            = coalesce(expected.profile_id, expected.native_profile_id)
            and sent.sent_at
            between {{ add_seconds("expected.action_at", "-" ~ tolerance_s) }}
            and {{ add_seconds("expected.action_at", tolerance_s) }}
            and (
                sent.agent_id is null
                or (
                    not expected.is_automatic
                    and coalesce(expected.agent_id, sent.agent_id) = sent.agent_id
                )
            )
    ),

    ranked as (
        select
            *,
            row_number() over (
                partition by reply_message_id order by distance_s, length(message_id), message_id
            ) as rank_of_action,
            row_number() over (
                partition by message_id
                order by distance_s, length(reply_message_id), reply_message_id
            ) as rank_of_reply
        from candidates
    ),

    -- Two replies of one second: each takes the action that is nearest and not the other's.
    taken as (
        select message_id, reply_message_id
        from ranked
        where rank_of_action = 1 and rank_of_reply = 1
    ),

    paired as (
        select {{ all_but("place") }}
        from
            (
                select
                    ranked.reply_message_id,
                    ranked.message_id,
                    row_number() over (
                        partition by ranked.reply_message_id
                        order by
                            case
                                when by_reply.message_id = ranked.message_id
                                then 0
                                when by_action.message_id is null
                                then 1
                                else 2
                            end,
                            ranked.rank_of_action
                    ) as place
                from ranked
                left join taken as by_action on by_action.message_id = ranked.message_id
                left join taken as by_reply on by_reply.reply_message_id = ranked.reply_message_id
            )
        where place = 1
    ),

    action_of as (
        select {{ all_but("place") }}
        from
            (
                select
                    message_id,
                    action_at,
                    agent_id,
                    is_automatic,
                    reported_elapsed_s,
                    row_number() over (partition by message_id order by profile_id) as place
                from replied
            )
        where place = 1
    ),

    found as (select distinct message_id from candidates),

    -- A reply by a person that no export holds is put in its place, so that the wait is known.
    final as (
        select
            paired.reply_message_id,
            action_of.message_id,
            action_of.action_at,
            action_of.agent_id,
            action_of.is_automatic,
            false as is_stand_in
        from paired
        inner join action_of on action_of.message_id = paired.message_id

        union all

        select
            action_of.message_id || ':reply' as reply_message_id,
            action_of.message_id,
            action_of.action_at,
            action_of.agent_id,
            action_of.is_automatic,
            true as is_stand_in
        from action_of
        left join found on found.message_id = action_of.message_id
        where found.message_id is null and not action_of.is_automatic
    )

select *
from final
