{#- Why a conversation is worth reading: the measure that makes it so, how it is counted, and which ones qualify. -#}
{%- set reasons = {
    "longest_first_wait": ("first_reply_s / 3600", "hours", "first_reply_s > 14400"),
    "most_handoffs": ("handoffs", "count", "handoffs > 1"),
    "most_reopens": ("reopens", "count", "reopens > 0"),
    "longest_to_close": ("final_close_s / 3600", "hours", "final_close_s > 86400"),
    "dissatisfied": ("human_replies", "count", "csat_satisfied = false"),
} -%}

with
    conversations as (select * from {{ ref("fct_conversations") }} where is_in_scope),

    tags as (select * from {{ ref("bridge_conversation_tags") }}),

    period_days as (
        select * from {{ ref("kpi_period_days") }} where period_kind in ('month', 'quarter')
    ),

    topics as (
        select conversation_key, min(tag_value) as topic
        from tags
        where tag_kind = 'topic'
        group by conversation_key
    ),

    found as (
        {% for reason, (measure, unit, condition) in reasons.items() %}
            select
                conversation_key,
                '{{ reason }}' as reason,
                cast({{ measure }} as double) as measured,
                '{{ unit }}' as unit
            from conversations
            where {{ condition }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    placed as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            found.reason,
            found.measured,
            found.unit,
            conversations.*,
            row_number() over (
                partition by period_days.period_kind, period_days.period_start_on, found.reason
                order by
                    found.measured desc, conversations.opened_at, conversations.conversation_key
            ) as place
        from found
        inner join conversations on conversations.conversation_key = found.conversation_key
        inner join period_days on period_days.date_on = conversations.opened_on
    ),

    final as (
        select
            {{
                surrogate_key(
                    [
                        "placed.period_kind",
                        "placed.period_start_on",
                        "placed.reason",
                        "placed.place",
                    ]
                )
            }} as case_example_key,
            placed.period_kind,
            placed.period_start_on,
            placed.reason,
            placed.place,
            placed.conversation_key,
            placed.opened_on,
            placed.network,
            placed.product,
            topics.topic,
            placed.team,
            placed.priority,
            placed.is_vip,
            placed.measured,
            placed.unit
        from placed
        left join topics on topics.conversation_key = placed.conversation_key
        where placed.place <= 5
    )

select *
from final
