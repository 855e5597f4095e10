with
    sent as (select * from {{ ref("kpi_human_messages") }}),

    events as (
        select *
        from {{ ref("fct_conversation_events") }}
        where is_close and agent_key is not null and not is_automatic
    ),

    conversations as (select * from {{ ref("fct_conversations") }} where is_in_scope),

    agents as (select * from {{ ref("kpi_agent_names") }}),

    -- People are told apart by name: whoever has accounts in two tools is one of them.
    work as (
        select
            message_key as work_key,
            conversation_key,
            agent_key,
            sent_on as worked_on,
            'reply' as work_kind,
            team,
            person,
            template_id,
            redirect_kind
        from sent

        union all

        select
            events.event_key as work_key,
            events.conversation_key,
            events.agent_key,
            {{ reporting_date("events.event_at") }} as worked_on,
            'close' as work_kind,
            coalesce(events.team, 'unassigned') as team,
            coalesce(agents.agent_name, events.agent_key) as person,
            null as template_id,
            null as redirect_kind
        from events
        left join agents on agents.agent_key = events.agent_key
    ),

    final as (
        select
            {{ surrogate_key(["work.work_kind", "work.work_key"]) }} as agent_work_key,
            work.conversation_key,
            work.agent_key,
            conversations.profile_key,

            work.worked_on,

            work.work_kind,
            conversations.network,
            conversations.message_type,
            conversations.visibility,
            conversations.priority,
            conversations.is_vip,
            work.team,
            -- Counted distinct: who replied, what they replied in, and on which days they worked.
            case when work.work_kind = 'reply' then work.person end as replier,
            case when work.work_kind = 'reply' then work.conversation_key end as replied_case,
            work.person || ' ' || cast(work.worked_on as {{ dbt.type_string() }}) as agent_day,

            case when work.work_kind = 'reply' then 1 else 0 end as human_messages,
            case when work.template_id is not null then 1 else 0 end as template_messages,
            case when work.redirect_kind = 'portal' then 1 else 0 end as portal_redirects,
            case when work.work_kind = 'close' then 1 else 0 end as closes_by_people
        from work
        inner join conversations on conversations.conversation_key = work.conversation_key
    )

select *
from final
