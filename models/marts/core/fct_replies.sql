with
    turns as (select * from {{ ref("int_conversation_turns") }}),

    clock as (select * from {{ ref("int_business_clock") }}),

    agent_teams as (select * from {{ ref("int_agent_teams") }}),

    assignments as (select * from {{ ref("int_conversation_assignments") }}),

    sla_outcomes as (select * from {{ ref("int_sla_outcomes") }}),

    messages as (select * from {{ ref("int_messages_classified") }}),

    redirects as (select * from {{ ref("int_message_redirects") }}),

    conversation_tags as (select * from {{ ref("int_conversation_tags") }}),

    tags as (select * from {{ ref("tags") }}),

    priorities as (select * from {{ ref("int_conversation_priorities") }}),

    vip_members as (select * from {{ ref("bridge_contact_vip") }}),

    -- Who was last asked to look after it answers for an unanswered turn.
    last_assignments as (
        select conversation_key, agent_key, team from assignments where is_assignment and is_last
    ),

    vip_turns as (
        select distinct turns.turn_key
        from turns
        inner join
            vip_members
            on vip_members.contact_key = turns.contact_key
            and {{ in_force("vip_members", "turns.started_at") }}
    ),

    -- Of two tags that disagree the careful one counts: `private` precedes `public`.
    visibility_policies as (
        select conversation_tags.conversation_key, min(tags.policy) as policy_visibility
        from conversation_tags
        inner join tags on tags.tag = conversation_tags.tag
        where tags.policy is not null
        group by conversation_tags.conversation_key
    ),

    -- An answer in public that asks the customer to go on in private counts as private.
    reply_visibilities as (
        select
            messages.message_key,
            case
                when messages.is_private or redirects.redirect_kind = 'dm'
                then 'private'
                else 'public'
            end as reply_visibility
        from messages
        left join redirects on redirects.message_key = messages.message_key
        where messages.direction = 'out' and not messages.is_bot
    ),

    timed as (
        select
            turns.*,
            reply_team.team as reply_team,
            last_assignments.agent_key as assigned_agent_key,
            last_assignments.team as assigned_team,
            case
                when turns.is_replied
                then
                    {{
                        business_seconds_between(
                            "start_clock",
                            "turns.clock_started_at",
                            "reply_clock",
                            "turns.replied_at",
                        )
                    }}
            end as wait_business_s,
            not start_clock.is_open as is_out_of_hours
        from turns
        left join
            clock as start_clock
            on {{ business_clock_at("start_clock", "turns.calendar_id", "turns.clock_started_at") }}
        left join
            clock as reply_clock
            on {{ business_clock_at("reply_clock", "turns.calendar_id", "turns.replied_at") }}
        left join
            agent_teams as reply_team
            on reply_team.agent_key = turns.reply_agent_key
            and {{ in_force("reply_team", "turns.replied_at") }}
        left join last_assignments on last_assignments.conversation_key = turns.conversation_key
    ),

    judged as (
        select timed.*, sla_outcomes.policy_id, sla_outcomes.outcome
        from timed
        left join sla_outcomes on sla_outcomes.turn_key = timed.turn_key
    ),

    final as (
        select
            judged.turn_key,
            judged.conversation_key,
            judged.first_message_key,
            judged.reply_message_key,
            judged.profile_key,
            judged.policy_id as sla_policy_id,

            judged.started_at,
            {{ reporting_date("judged.started_at") }} as started_on,
            judged.clock_started_at,
            judged.bot_replied_at,
            judged.handed_off_at,
            judged.replied_at,
            {{ reporting_date("judged.replied_at") }} as replied_on,
            judged.abandoned_at,

            case
                when judged.is_replied then judged.reply_agent_key else judged.assigned_agent_key
            end as agent_key,
            case
                when judged.is_replied
                then coalesce(judged.reply_team, 'unassigned')
                else coalesce(judged.assigned_team, 'unassigned')
            end as team,

            judged.source,
            judged.network,
            messages.message_type,
            case when messages.is_private then 'private' else 'public' end as visibility,
            reply_visibilities.reply_visibility,
            visibility_policies.policy_visibility,
            judged.directedness,
            coalesce(priorities.priority, 'normal') as priority,
            judged.initiated_by,
            vip_turns.turn_key is not null as is_vip,
            judged.is_eligible,
            judged.is_in_scope,
            judged.is_replied,
            judged.is_bot_contained,
            judged.is_first,
            judged.is_out_of_hours,

            judged.customer_messages,
            judged.wait_s,
            judged.wait_business_s,
            judged.bot_s,
            -- Nobody asks how long ago a turn began once it is three days old, so its row rests.
            least({{ seconds_between("judged.clock_started_at", as_of()) }}, 259201) as age_s,
            judged.outcome as sla_outcome
        from judged
        left join messages on messages.message_key = judged.first_message_key
        left join reply_visibilities on reply_visibilities.message_key = judged.reply_message_key
        left join
            visibility_policies on visibility_policies.conversation_key = judged.conversation_key
        left join
            priorities
            on priorities.conversation_key = judged.conversation_key
            and {{ in_force("priorities", "judged.started_at") }}
        left join vip_turns on vip_turns.turn_key = judged.turn_key
    )

select *
from final
