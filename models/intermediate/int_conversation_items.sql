{#- Brand messages that begin something new, one after the other, with closes between and no customer. -#}
{%- set rounds = 4 -%}
{%- set before -%}
    partition by thread_key order by position rows between unbounded preceding and 1 preceding
{%- endset -%}

with
    messages as (select * from {{ ref("int_messages_classified") }}),

    events as (select * from {{ ref("int_conversation_events_unioned") }}),

    items as (
        select
            thread_key,
            message_key as item_key,
            natural_message_id as natural_id,
            sent_at as item_at,
            0 as kind_rank,
            case
                when direction = 'in' then 'inbound' when is_bot then 'bot' else 'human'
            end as item_kind,
            direction = 'in' and not is_own as is_customer,
            agent_key,
            source,
            is_bot as is_automatic,
            cast(null as {{ dbt.type_string() }}) as event_value,
            message_key,
            contact_key,
            is_eligible,
            is_eligible and directedness = 'to_us' as is_eligible_to_us
        from messages

        union all

        select
            events.thread_key,
            events.event_key as item_key,
            events.natural_event_id as natural_id,
            events.event_at as item_at,
            1 as kind_rank,
            events.event_kind as item_kind,
            false as is_customer,
            events.agent_key,
            events.source,
            events.is_automatic,
            events.event_value,
            events.message_key,
            cast(null as {{ dbt.type_string() }}) as contact_key,
            false as is_eligible,
            false as is_eligible_to_us
        from events
    ),

    -- Exports of some tools know the minute only: within it the id decides, and a message
    -- precedes an event.
    ordered as (
        select
            *,
            row_number() over (
                partition by thread_key order by item_at, kind_rank, length(natural_id), natural_id
            ) as position
        from items
    ),

    -- Before the first message there is nothing to close.
    noted as (
        select
            *,
            item_kind = 'closed'
            and max(case when kind_rank = 0 then 1 else 0 end) over (
                partition by thread_key
                order by position
                rows between unbounded preceding and current row
            )
            = 1 as may_close,
            false as may_restart_0,
            false as is_late_reopen_0
        from ordered
    ),

    -- Whether the thread is open before an item: the last item that opened or closed it, as
    -- position * 2 + 1 for a close, in one running maximum. A brand message long after the close
    -- that closed something begins something new, and so opens the thread for what follows. That
    -- makes the next close one of something open, so each round settles one step more.
    {% for round in range(1, rounds + 1) %}
        settled_{{ round }} as (
            select
                *,
                max(
                    case
                        when may_close
                        then position * 2 + 1
                        when item_kind = 'inbound' or may_restart_{{ round - 1 }}
                        then position * 2
                        when item_kind = 'reopened' and not is_late_reopen_{{ round - 1 }}
                        then position * 2
                    end
                ) over ({{ before }}) as settled_code_{{ round }}
            from {{ "noted" if loop.first else "restarts_" ~ (round - 1) }}
        ),

        last_closes_{{ round }} as (
            select
                *,
                max(
                    case
                        when may_close and not coalesce(settled_code_{{ round }} % 2 = 1, false)
                        then item_at
                    end
                ) over ({{ before }}) as last_closed_at_{{ round }}
            from settled_{{ round }}
        ),

        restarts_{{ round }} as (
            select
                *,
                item_kind in ('human', 'bot')
                and coalesce(settled_code_{{ round }} % 2 = 1, false)
                and {{ seconds_between("last_closed_at_" ~ round, "item_at") }}
                >= {{ var("reopen_window_s") }} as may_restart_{{ round }},
                item_kind = 'reopened'
                and coalesce(
                    {{ seconds_between("last_closed_at_" ~ round, "item_at") }}
                    >= {{ var("reopen_window_s") }},
                    false
                ) as is_late_reopen_{{ round }}
            from last_closes_{{ round }}
        ),
    {% endfor %}

    settled_states as (
        select
            *,
            is_late_reopen_{{ rounds }} as is_late_reopen,
            max(
                case
                    when may_close
                    then position * 2 + 1
                    when item_kind = 'inbound' or may_restart_{{ rounds }}
                    then position * 2
                    when item_kind = 'reopened' and not is_late_reopen_{{ rounds }}
                    then position * 2
                end
            ) over ({{ before }}) as settled_code
        from restarts_{{ rounds }}
    ),

    -- A close while already closed changes nothing, and before the first message there is nothing
    -- to close.
    closes as (
        select
            *,
            coalesce(settled_code % 2 = 1, false) as was_closed,
            may_close and not coalesce(settled_code % 2 = 1, false) as is_close
        from settled_states
    ),

    gaps as (
        select
            *,
            max(case when is_close then item_at end) over (
                partition by thread_key
                order by position
                rows between unbounded preceding and 1 preceding
            ) as closed_at,
            max(case when kind_rank = 0 then item_at end) over (
                partition by thread_key
                order by position
                rows between unbounded preceding and 1 preceding
            ) as previous_message_at,
            -- Odd when the last word before this item is a customer's.
            max(
                case
                    when item_kind = 'inbound'
                    then position * 2 + 1
                    when item_kind = 'human' or is_close
                    then position * 2
                end
            ) over (
                partition by thread_key
                order by position
                rows between unbounded preceding and 1 preceding
            ) as waiting_code
        from closes
    ),

    starts as (
        select
            *,
            kind_rank = 0
            and (
                previous_message_at is null
                or (
                    was_closed
                    and {{ seconds_between("closed_at", "item_at") }}
                    >= {{ var("reopen_window_s") }}
                )
                or (
                    not was_closed
                    and {{ seconds_between("previous_message_at", "item_at") }}
                    >= {{ var("silence_s") }}
                    and (item_kind = 'inbound' or not coalesce(waiting_code % 2 = 1, false))
                )
            ) as starts_segment
        from gaps
    ),

    numbered as (
        select
            *,
            -- An event noted before the first message belongs to the conversation that message
            -- opens.
            greatest(
                sum(case when starts_segment then 1 else 0 end) over (
                    partition by thread_key
                    order by position
                    rows between unbounded preceding and current row
                ),
                1
            ) as segment_number,
            max(case when kind_rank = 0 then 1 else 0 end) over (
                partition by thread_key
            ) as thread_messages,
            was_closed
            and previous_message_at is not null
            and not starts_segment
            and (
                item_kind = 'inbound'
                or (item_kind = 'reopened' and not coalesce(is_late_reopen, false))
            ) as is_reopen
        from starts
    ),

    final as (
        select
            item_key,
            thread_key,
            first_value(item_key) over (
                partition by thread_key, segment_number
                order by starts_segment desc, position
                rows between unbounded preceding and unbounded following
            ) as conversation_key,
            segment_number,
            position,

            item_at,

            agent_key,
            source,

            item_kind,
            kind_rank = 0 as is_message,
            is_automatic,
            event_value,
            message_key,
            contact_key,
            is_customer,
            is_eligible,
            is_eligible_to_us,
            is_close,
            is_reopen,

            -- A human brand message and a close both end a wait.
            sum(case when item_kind = 'human' or is_close then 1 else 0 end) over (
                partition by thread_key, segment_number
                order by position
                rows between unbounded preceding and current row
            )
            - case when item_kind = 'human' or is_close then 1 else 0 end as turn_number
        from numbered
        where thread_messages > 0
    )

select *
from final
