with
    turns as (select * from {{ ref("int_conversation_turns") }}),

    clock as (select * from {{ ref("int_business_clock") }}),

    agent_teams as (select * from {{ ref("int_agent_teams") }}),

    assignments as (select * from {{ ref("int_conversation_assignments") }}),

    policies as (select * from {{ ref("sla_policies") }}),

    -- Who was last asked to look after it answers for an unanswered turn.
    last_assignments as (
        select conversation_key, agent_id, team
        from assignments
        where is_assignment and replaced_at is null
    ),

    chosen_policies as (
        select turns.turn_key, policies.policy_id, policies.first_reply_target_s, policies.clock
        from turns
        inner join
            policies
            on policies.network in (turns.network, 'all')
            and cast(turns.started_at as date) >= policies.valid_from_on
            and (
                policies.valid_to_on is null
                or cast(turns.started_at as date) < policies.valid_to_on
            )
        qualify
            row_number() over (
                partition by turns.turn_key
                order by case when policies.network = 'all' then 1 else 0 end, policies.policy_id
            )
            = 1
    ),

    timed as (
        select
            turns.*,
            reply_team.team as reply_team,
            last_assignments.agent_id as assigned_agent_id,
            last_assignments.team as assigned_team,
            coalesce(turns.replied_at, turns.abandoned_at, {{ as_of() }}) as waited_until_at,
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
            {{
                business_seconds_between(
                    "start_clock", "turns.clock_started_at", "now_clock", as_of()
                )
            }} as business_age_s,
            not start_clock.is_open as is_out_of_hours
        from turns
        left join
            clock as start_clock
            on {{ business_clock_at("start_clock", "turns.calendar_id", "turns.clock_started_at") }}
        left join
            clock as reply_clock
            on {{ business_clock_at("reply_clock", "turns.calendar_id", "turns.replied_at") }}
        left join
            clock as now_clock on {{ business_clock_at("now_clock", "turns.calendar_id", as_of()) }}
        left join
            agent_teams as reply_team
            on reply_team.source = turns.source
            and reply_team.agent_id = turns.reply_agent_id
            and {{ in_force("reply_team", "turns.replied_at") }}
        left join last_assignments on last_assignments.conversation_key = turns.conversation_key
    ),

    -- Elapsed time against the target: equality meets, and an unanswered wait past its target is
    -- breached already.
    judged as (
        select
            timed.*,
            chosen_policies.policy_id,
            chosen_policies.first_reply_target_s,
            case
                when chosen_policies.clock = 'business'
                then coalesce(timed.wait_business_s, timed.business_age_s)
                else
                    coalesce(timed.wait_s, {{ seconds_between("timed.clock_started_at", as_of()) }})
            end as sla_elapsed_s
        from timed
        left join chosen_policies on chosen_policies.turn_key = timed.turn_key
    ),

    final as (
        select
            turn_key,
            conversation_key,
            first_message_key,
            reply_message_key,
            profile_key,
            policy_id as sla_policy_id,

            started_at,
            {{ reporting_date("started_at") }} as started_on,
            clock_started_at,
            bot_replied_at,
            handed_off_at,
            replied_at,
            {{ reporting_date("replied_at") }} as replied_on,
            abandoned_at,

            case
                when coalesce(reply_agent_id, assigned_agent_id) is not null
                then
                    {{
                        surrogate_key(
                            [
                                "source",
                                "case when is_replied then reply_agent_id else assigned_agent_id end",
                            ]
                        )
                    }}
            end as agent_key,
            case
                when is_replied
                then coalesce(reply_team, 'unassigned')
                else coalesce(assigned_team, 'unassigned')
            end as team,

            source,
            network,
            initiated_by,
            is_eligible,
            is_in_scope,
            is_replied,
            is_bot_contained,
            is_first,
            is_out_of_hours,

            customer_messages,
            wait_s,
            wait_business_s,
            bot_s,
            {{ seconds_between("clock_started_at", as_of()) }} as age_s,
            case
                when is_bot_contained or not is_first
                then null
                when is_replied and sla_elapsed_s <= first_reply_target_s
                then 'met'
                when sla_elapsed_s > first_reply_target_s
                then 'breached'
                when not is_replied
                then 'pending'
            end as sla_outcome
        from judged
    )

select *
from final
