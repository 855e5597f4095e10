with
    sent as (select * from {{ ref("kpi_human_messages") }}),

    events as (select * from {{ ref("fct_conversation_events") }}),

    conversations as (select * from {{ ref("fct_conversations") }} where is_in_scope),

    open_conversations as (
        select *
        from {{ ref("fct_conversation_daily") }}
        where is_in_scope and agent_key is not null
    ),

    handling as (select * from {{ ref("int_conversation_handling") }}),

    slices as (select * from {{ ref("kpi_conversation_slices") }}),

    agents as (select * from {{ ref("kpi_agent_names") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    periods as (select * from {{ ref("dim_period") }}),

    dates as (select * from {{ ref("dim_date") }}),

    last_days as (select * from {{ ref("kpi_last_days") }}),

    shown_days as (select distinct day_on from last_days),

    -- People are told apart by name: whoever has accounts in two tools is one of them.
    work as (
        select conversation_key, sent_on as date_on, person, agent, team, true as is_reply
        from sent

        union all

        select
            events.conversation_key,
            {{ reporting_date("events.event_at") }} as date_on,
            coalesce(agents.agent_name, events.agent_key) as person,
            coalesce(agents.agent_name, 'unassigned') as agent,
            coalesce(events.team, 'unassigned') as team,
            false as is_reply
        from events
        inner join conversations on conversations.conversation_key = events.conversation_key
        left join agents on agents.agent_key = events.agent_key
        where events.is_close and events.agent_key is not null and not events.is_automatic
    ),

    -- What somebody does in a conversation on a day, once: people are counted, not their messages.
    days_of_work as (
        select
            conversation_key,
            date_on,
            person,
            agent,
            team,
            count(*) filter (where is_reply) as replies,
            count(*) filter (where not is_reply) as closes
        from work
        group by conversation_key, date_on, person, agent, team
    ),

    work_slices as (
        select slices.slice_kind, slices.slice_value, days_of_work.*
        from days_of_work
        inner join slices on slices.conversation_key = days_of_work.conversation_key
        union all
        {{ own_slices("days_of_work", {"team": "team", "agent": "agent"}) }}
    ),

    person_days as (
        select
            slice_kind, slice_value, date_on, person, sum(replies) as replies, sum(closes) as closes
        from work_slices
        group by slice_kind, slice_value, date_on, person
    ),

    people as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            person_days.slice_kind,
            person_days.slice_value,
            sum(person_days.replies) as replies,
            sum(person_days.closes) as closed,
            count(
                distinct case when person_days.replies > 0 then person_days.person end
            ) as repliers,
            count(person_days.person) as agent_days
        from person_days
        inner join period_days on period_days.date_on = person_days.date_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            person_days.slice_kind,
            person_days.slice_value
    ),

    -- A conversation counts once in a period, however many days somebody answered in it.
    {% for slice, column in {"shared": none, "team": "team", "agent": "agent"}.items() %}
        handled_{{ slice }} as (
            select distinct
                period_days.period_kind,
                period_days.period_start_on,
                days_of_work.conversation_key
                {%- if column %}, days_of_work.{{ column }} as slice_value {%- endif %}
            from days_of_work
            inner join period_days on period_days.date_on = days_of_work.date_on
            where
                days_of_work.replies > 0
                {%- if column %} and days_of_work.{{ column }} is not null {%- endif %}
        ),
    {% endfor %}

    handled_slices as (
        select
            handled_shared.period_kind,
            handled_shared.period_start_on,
            slices.slice_kind,
            slices.slice_value
        from handled_shared
        inner join slices on slices.conversation_key = handled_shared.conversation_key
        {% for slice in ["team", "agent"] %}
            union all
            select period_kind, period_start_on, '{{ slice }}' as slice_kind, slice_value
            from handled_{{ slice }}
        {% endfor %}
    ),

    handled as (
        select period_kind, period_start_on, slice_kind, slice_value, count(*) as handled
        from handled_slices
        group by period_kind, period_start_on, slice_kind, slice_value
    ),

    done as (
        select people.*, coalesce(handled.handled, 0) as handled
        from people
        left join
            handled
            on handled.period_kind = people.period_kind
            and handled.period_start_on = people.period_start_on
            and handled.slice_kind = people.slice_kind
            and handled.slice_value = people.slice_value
    ),

    in_charge as (
        select
            open_conversations.conversation_key,
            open_conversations.day_on,
            open_conversations.team,
            coalesce(agents.agent_name, 'unassigned') as agent
        from open_conversations
        inner join shown_days on shown_days.day_on = open_conversations.day_on
        left join agents on agents.agent_key = open_conversations.agent_key
    ),

    in_charge_slices as (
        select slices.slice_kind, slices.slice_value, in_charge.*
        from in_charge
        inner join slices on slices.conversation_key = in_charge.conversation_key
        union all
        {{ own_slices("in_charge", {"team": "team", "agent": "agent"}) }}
    ),

    assigned as (
        select
            last_days.period_kind,
            last_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            count(*) as open_assigned
        from in_charge_slices as sliced
        inner join last_days on last_days.day_on = sliced.day_on
        group by
            last_days.period_kind, last_days.period_start_on, sliced.slice_kind, sliced.slice_value
    ),

    load as (
        select
            done.period_kind,
            done.period_start_on,
            done.slice_kind,
            done.slice_value,
            coalesce(assigned.open_assigned, 0) as open_assigned,
            done.repliers
        from done
        inner join
            last_days
            on last_days.period_kind = done.period_kind
            and last_days.period_start_on = done.period_start_on
        left join
            assigned
            on assigned.period_kind = done.period_kind
            and assigned.period_start_on = done.period_start_on
            and assigned.slice_kind = done.slice_kind
            and assigned.slice_value = done.slice_value
    ),

    -- How many conversations an agent has in hand at once: their time added up, over the time with
    -- at least one. Both are cut at the period's ends.
    named_handling as (
        select
            handling.handling_key,
            handling.started_at,
            handling.ended_at,
            {{ reporting_date("handling.started_at") }} as started_on,
            {{ reporting_date("handling.ended_at") }} as ended_on,
            coalesce(agents.agent_name, handling.agent_key) as person,
            coalesce(agents.agent_name, 'unassigned') as agent,
            coalesce(handling.team, 'unassigned') as team
        from handling
        inner join conversations on conversations.conversation_key = handling.conversation_key
        left join agents on agents.agent_key = handling.agent_key
    ),

    calendar as (
        {% for kind in ["week", "month", "quarter"] -%}
            select '{{ kind }}' as period_kind, {{ kind }}_start_on as period_start_on, date_on
            from dates
            {% if not loop.last -%}
                union all
            {% endif -%}
        {%- endfor %}
    ),

    placed_handling as (
        select
            named_handling.*,
            first_days.period_kind,
            first_days.period_start_on as first_start_on,
            last_days.period_start_on as last_start_on
        from named_handling
        inner join calendar as first_days on first_days.date_on = named_handling.started_on
        inner join
            calendar as last_days
            on last_days.date_on = named_handling.ended_on
            and last_days.period_kind = first_days.period_kind
    ),

    -- Most stretches end in the period they begin in; the few others are held against what follows.
    handled_periods as (
        select placed_handling.*, periods.period_start_on
        from placed_handling
        inner join
            periods
            on periods.period_kind = placed_handling.period_kind
            and periods.period_start_on = placed_handling.first_start_on

        union all

        select placed_handling.*, periods.period_start_on
        from placed_handling
        inner join
            periods
            on periods.period_kind = placed_handling.period_kind
            and periods.period_start_on > placed_handling.first_start_on
            and periods.period_start_on <= placed_handling.last_start_on
        where placed_handling.last_start_on > placed_handling.first_start_on
    ),

    cut as (
        select
            periods.period_kind,
            periods.period_start_on,
            handled_periods.person,
            handled_periods.agent,
            handled_periods.team,
            greatest(handled_periods.started_at, periods.period_starts_at) as started_at,
            least(handled_periods.ended_at, periods.period_ends_at) as ended_at,
            handled_periods.handling_key
        from handled_periods
        inner join
            periods
            on periods.period_kind = handled_periods.period_kind
            and periods.period_start_on = handled_periods.period_start_on
        -- What ends as a period begins is not in it.
        where handled_periods.ended_at > periods.period_starts_at
    ),

    reached as (
        select
            *,
            max(ended_at) over (
                partition by period_kind, period_start_on, person
                order by started_at, ended_at, handling_key
                rows between unbounded preceding and 1 preceding
            ) as reached_at
        from cut
    ),

    -- What a stretch adds to the agent's time in hand is what earlier ones have not reached.
    in_hand as (
        select
            reached.period_kind,
            reached.period_start_on,
            reached.team,
            reached.agent,
            {{ seconds_between("reached.started_at", "reached.ended_at") }} as handle_s,
            case
                when reached.reached_at is null or reached.reached_at <= reached.started_at
                then {{ seconds_between("reached.started_at", "reached.ended_at") }}
                when reached.reached_at < reached.ended_at
                then {{ seconds_between("reached.reached_at", "reached.ended_at") }}
                else 0
            end as busy_s
        from reached
    ),

    concurrency as (
        select
            period_kind,
            period_start_on,
            slice_kind,
            slice_value,
            sum(handle_s) / 3600 as handle_h,
            sum(busy_s) / 3600 as busy_h,
            count(*) as stretches
        from
            (
                {{ own_slices("in_hand", {"overall": "'all'", "team": "team", "agent": "agent"}) }}
            ) as sliced
        group by period_kind, period_start_on, slice_kind, slice_value
    ),

    final as (
        {{
            kpi_rows(
                "load",
                [
                    {"id": "K23", "numerator": "open_assigned", "denominator": "repliers"},
                ],
            )
        }}
        union all
        {{
            kpi_rows(
                "done",
                [
                    {"id": "K23_closed", "numerator": "closed", "denominator": "agent_days"},
                    {"id": "K46_replies", "numerator": "replies", "n": "replies"},
                    {"id": "K46_handled", "numerator": "handled", "n": "handled"},
                    {"id": "K46_closed", "numerator": "closed", "n": "closed"},
                ],
            )
        }}
        union all
        {{
            kpi_row(
                "concurrency",
                "K34_concurrency",
                numerator="handle_h",
                denominator="busy_h",
                n="stretches",
            )
        }}
    )

select *
from final
