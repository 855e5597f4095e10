with
    turns as (select * from {{ ref("int_conversation_turns") }}),

    segments as (select * from {{ ref("int_conversation_segments") }}),

    messages as (select * from {{ ref("int_messages_classified") }}),

    priorities as (select * from {{ ref("int_conversation_priorities") }}),

    vip_memberships as (select * from {{ ref("int_vip_memberships") }}),

    -- A bot that settles a matter alone keeps nobody waiting for a reply.
    replies as (
        select
            {{ surrogate_key(["turns.turn_key", "'reply'"]) }} as sla_key,
            turns.conversation_key,
            turns.turn_key,
            turns.profile_key,
            turns.contact_key,
            case when turns.is_first then 'first_reply' else 'next_reply' end as metric,
            turns.network,
            messages.message_type,
            case when messages.is_private then 'private' else 'public' end as visibility,
            turns.calendar_id,
            turns.started_at,
            turns.clock_started_at,
            coalesce(turns.replied_at, turns.abandoned_at) as ended_at,
            not turns.is_replied and turns.abandoned_at is not null as is_given_up,
            turns.is_in_scope
        from turns
        left join messages on messages.message_key = turns.first_message_key
        where turns.is_eligible and not turns.is_bot_contained
    ),

    -- Who writes again in a new conversation while still waiting was left alone in the old one.
    resolutions as (
        select
            {{ surrogate_key(["conversation_key", "'resolution'"]) }} as sla_key,
            conversation_key,
            cast(null as {{ dbt.type_string() }}) as turn_key,
            profile_key,
            contact_key,
            'resolution' as metric,
            network,
            message_type,
            visibility,
            calendar_id,
            first_inbound_at as started_at,
            first_inbound_at as clock_started_at,
            ended_at,
            end_reason = 'superseded' and is_customer_waiting as is_given_up,
            is_in_scope
        from segments
        where first_inbound_at is not null
    ),

    subjects as (
        select *
        from replies
        union all
        select *
        from resolutions
    ),

    vip_subjects as (
        select distinct subjects.sla_key
        from subjects
        inner join
            vip_memberships
            on vip_memberships.contact_key = subjects.contact_key
            and {{ in_force("vip_memberships", "subjects.started_at") }}
    ),

    final as (
        select
            subjects.sla_key,
            subjects.conversation_key,
            subjects.turn_key,
            subjects.profile_key,

            subjects.started_at,
            {{ reporting_date("subjects.started_at") }} as started_on,
            subjects.clock_started_at,
            subjects.ended_at,

            subjects.metric,
            subjects.network,
            subjects.message_type,
            subjects.visibility,
            coalesce(priorities.priority, 'normal') as priority,
            vip_subjects.sla_key is not null as is_vip,
            subjects.calendar_id,
            subjects.is_given_up,
            subjects.is_in_scope
        from subjects
        left join
            priorities
            on priorities.conversation_key = subjects.conversation_key
            and {{ in_force("priorities", "subjects.started_at") }}
        left join vip_subjects on vip_subjects.sla_key = subjects.sla_key
    )

select *
from final
