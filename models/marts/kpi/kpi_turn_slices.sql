with
    turns as (
        select
            turn_key,
            conversation_key,
            message_type,
            visibility,
            directedness,
            is_vip,
            priority,
            team,
            agent_key,
            is_in_scope
        from {{ ref("fct_replies") }}
        -- A turn about us that nobody addressed to us is in no slice but `directedness`.
        where
            is_in_scope or (is_eligible and initiated_by = 'customer' and directedness = 'about_us')
    ),

    conversation_slices as (select * from {{ ref("kpi_conversation_slices") }}),

    agents as (select * from {{ ref("kpi_agent_names") }}),

    scoped as (
        select turns.*, coalesce(agents.agent_name, 'unassigned') as agent
        from turns
        left join agents on agents.agent_key = turns.agent_key
        where turns.is_in_scope
    ),

    -- What a turn says of itself goes before what its conversation said when it was opened.
    own as (
        {{
            own_slices(
                "scoped",
                {
                    "team": "team",
                    "agent": "agent",
                    "message_type": "message_type",
                    "visibility": "visibility",
                    "vip": vip_word("is_vip"),
                    "priority": "priority",
                },
            )
        }}
    ),

    final as (
        select turn_key, slice_kind, slice_value
        from own

        union all

        select scoped.turn_key, conversation_slices.slice_kind, conversation_slices.slice_value
        from scoped
        inner join
            conversation_slices
            on conversation_slices.conversation_key = scoped.conversation_key
            and conversation_slices.slice_kind
            not in ('message_type', 'visibility', 'vip', 'priority')

        union all

        select turn_key, 'directedness' as slice_kind, directedness as slice_value
        from turns
        where directedness is not null
    )

select *
from final
