{#- Brand messages that begin something new, one after the other, with closes between and no customer. -#}
{%- set rounds = 4 -%}
{%- set before -%}
    partition by thread_key order by position rows between unbounded preceding and 1 preceding
{%- endset -%}
{%- set so_far -%}
    partition by thread_key order by position rows between unbounded preceding and current row
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
            end as item_kind
        from messages

        union all

        select
            thread_key,
            event_key as item_key,
            natural_event_id as natural_id,
            event_at as item_at,
            1 as kind_rank,
            event_kind as item_kind
        from events
    ),

    -- Exports of some tools know the minute only: within it the id decides, and a message
    -- precedes an event. Before the first message there is nothing to close.
    ordered as (
        select
            thread_key,
            item_key,
            item_at,
            kind_rank,
            item_kind,
            row_number() over (
                partition by thread_key order by item_at, kind_rank, length(natural_id), natural_id
            ) as position,
            item_kind = 'closed'
            and min(case when kind_rank = 0 then item_at end) over (
                partition by thread_key
                order by item_at, kind_rank, length(natural_id), natural_id
                rows between unbounded preceding and current row
            )
            is not null as may_close,
            false as may_restart_0,
            false as is_late_reopen_0
        from items
    ),

    -- Whether the thread is open before an item: the last item that opened or closed it, as
    -- position * 2 + 1 for a close, in one running maximum. A brand message long after the close
    -- that closed something begins something new, and so opens the thread for what follows. That
    -- makes the next close one of something open, so each round settles one step more. Threads
    -- without such a message are settled by the first round, and they are nearly all.
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
            from {{ "ordered" if loop.first else "unsettled_" ~ (round - 1) }}
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

        {% if loop.first %}
            unsettled_threads as (
                select distinct thread_key from restarts_1 where may_restart_1 or is_late_reopen_1
            ),

            unsettled_1 as (
                select restarts_1.*
                from restarts_1
                inner join unsettled_threads on unsettled_threads.thread_key = restarts_1.thread_key
            ),
        {% else %} unsettled_{{ round }} as (select * from restarts_{{ round }}),
        {% endif %}
    {% endfor %}

    settled_states as (
        select
            restarts_1.thread_key,
            restarts_1.item_key,
            restarts_1.item_at,
            restarts_1.kind_rank,
            restarts_1.item_kind,
            restarts_1.position,
            restarts_1.may_close,
            false as is_late_reopen,
            restarts_1.settled_code_1 as settled_code
        from restarts_1
        left join unsettled_threads on unsettled_threads.thread_key = restarts_1.thread_key
        where unsettled_threads.thread_key is null

        union all

        select
            thread_key,
            item_key,
            item_at,
            kind_rank,
            item_kind,
            position,
            may_close,
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
        from unsettled_{{ rounds }}
    ),

    -- A close while already closed changes nothing.
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
            max(case when is_close then item_at end) over ({{ before }}) as closed_at,
            -- The last message, or the last event that opened what was closed: until then it was
            -- not silent. None before the first message, for there is nothing to close.
            max(
                case
                    when
                        kind_rank = 0
                        or (
                            item_kind = 'reopened'
                            and was_closed
                            and not coalesce(is_late_reopen, false)
                        )
                    then item_at
                end
            ) over ({{ before }}) as previous_active_at,
            -- Odd when the last word before this item is a customer's.
            max(
                case
                    when item_kind = 'inbound'
                    then position * 2 + 1
                    when item_kind = 'human' or is_close
                    then position * 2
                end
            ) over ({{ before }}) as waiting_code,
            -- A human brand message and a close both end a wait.
            sum(case when item_kind = 'human' or is_close then 1 else 0 end) over (
                {{ before }}
            ) as waits_ended
        from closes
    ),

    starts as (
        select
            *,
            kind_rank = 0
            and (
                previous_active_at is null
                or (
                    was_closed
                    and {{ seconds_between("closed_at", "item_at") }}
                    >= {{ var("reopen_window_s") }}
                )
                or (
                    not was_closed
                    and {{ seconds_between("previous_active_at", "item_at") }}
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
            cast(
                greatest(
                    sum(case when starts_segment then 1 else 0 end) over ({{ so_far }}), 1
                ) as bigint
            ) as segment_number,
            was_closed
            and previous_active_at is not null
            and not starts_segment
            and (
                item_kind = 'inbound'
                or (item_kind = 'reopened' and not coalesce(is_late_reopen, false))
            ) as is_reopen
        from starts
    ),

    -- A thread of events alone has no conversation.
    segments as (
        select
            thread_key,
            segment_number,
            item_key as conversation_key,
            case when segment_number = 1 then 1 else position end as first_position,
            coalesce(waits_ended, 0) as waits_ended_before
        from numbered
        where starts_segment
    ),

    placed as (
        select
            numbered.*,
            segments.conversation_key,
            numbered.position - segments.first_position + 1 as conversation_position,
            cast(
                coalesce(numbered.waits_ended, 0) - segments.waits_ended_before as bigint
            ) as turn_number
        from numbered
        inner join
            segments
            on segments.thread_key = numbered.thread_key
            and segments.segment_number = numbered.segment_number
    ),

    described as (
        select
            message_key as item_key,
            agent_key,
            source,
            is_bot as is_automatic,
            cast(null as {{ dbt.type_string() }}) as event_value,
            message_key,
            contact_key,
            direction = 'in' and not is_own as is_customer,
            is_eligible,
            is_eligible and directedness = 'to_us' as is_eligible_to_us
        from messages

        union all

        select
            event_key as item_key,
            agent_key,
            source,
            is_automatic,
            event_value,
            message_key,
            cast(null as {{ dbt.type_string() }}) as contact_key,
            false as is_customer,
            false as is_eligible,
            false as is_eligible_to_us
        from events
    ),

    final as (
        select
            placed.item_key,
            placed.thread_key,
            placed.conversation_key,
            placed.segment_number,
            placed.position,
            placed.conversation_position,

            placed.item_at,

            described.agent_key,
            described.source,

            placed.item_kind,
            placed.kind_rank = 0 as is_message,
            described.is_automatic,
            described.event_value,
            described.message_key,
            described.contact_key,
            described.is_customer,
            described.is_eligible,
            described.is_eligible_to_us,
            placed.is_close,
            placed.is_reopen,

            placed.turn_number
        from placed
        inner join described on described.item_key = placed.item_key
    )

select *
from final
