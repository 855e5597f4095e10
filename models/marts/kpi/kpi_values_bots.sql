with
    conversations as (
        select *
        from {{ ref("fct_conversations") }}
        where is_bot_started and initiated_by = 'customer' and not is_spam
    ),

    slices as (select * from {{ ref("kpi_conversation_slices") }}),

    agents as (select * from {{ ref("kpi_agent_names") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    named as (
        select conversations.*, coalesce(agents.agent_name, 'unassigned') as agent
        from conversations
        left join agents on agents.agent_key = conversations.agent_key
    ),

    sliced as (
        select slices.slice_kind, slices.slice_value, named.*
        from named
        inner join slices on slices.conversation_key = named.conversation_key
        union all
        {{ own_slices("named", {"team": "team", "agent": "agent"}) }}
    ),

    counted as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            count(*) as started,
            count(*) filter (where sliced.is_bot_resolved) as resolved
        from sliced
        inner join period_days on period_days.date_on = sliced.opened_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value
    ),

    final as ({{ kpi_row("counted", "K37", numerator="resolved", denominator="started") }})

select *
from final
