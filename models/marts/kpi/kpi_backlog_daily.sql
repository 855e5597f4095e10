with
    open_conversations as (select * from {{ ref("fct_conversation_daily") }} where is_in_scope),

    conversations as (select * from {{ ref("fct_conversations") }} where is_in_scope),

    spans as (select * from {{ ref("int_conversation_spans") }}),

    promises as (select * from {{ ref("fct_sla") }} where is_in_scope and breached_at is not null),

    dates as (select * from {{ ref("dim_date") }}),

    -- A promise that was broken and still not kept at that midnight.
    overdue as (
        select distinct open_conversations.conversation_day_key
        from open_conversations
        inner join
            promises
            on promises.conversation_key = open_conversations.conversation_key
            and promises.breached_at <= open_conversations.day_ends_at
            and coalesce(promises.ended_at, {{ far_future() }}) > open_conversations.day_ends_at
    ),

    open_then as (
        select
            day_on,
            network,
            team,
            count(*) as open_cases,
            count(*) filter (where status = 'pending') as pending_cases,
            count(*) filter (where status = 'on_hold') as on_hold_cases,
            count(*) filter (where is_unanswered) as unanswered_cases,
            count(*) filter (where agent_key is null) as unassigned_cases,
            count(*) filter (where is_vip) as vip_cases,
            count(overdue.conversation_day_key) as overdue_cases,
            count(*) filter (where age_s < 14400) as aged_under_4h,
            count(*) filter (where age_s >= 14400 and age_s < 86400) as aged_4h_to_1d,
            count(*) filter (where age_s >= 86400 and age_s < 172800) as aged_1d_to_2d,
            count(*) filter (where age_s >= 172800 and age_s < 604800) as aged_2d_to_7d,
            count(*) filter (where age_s >= 604800) as aged_7d_and_over
        from open_conversations
        left join overdue on overdue.conversation_day_key = open_conversations.conversation_day_key
        group by day_on, network, team
    ),

    -- What comes in is the answering team's, what goes out the closing team's; summed over teams
    -- the backlog of a network changes by exactly what came and went.
    moved as (
        select
            {{ reporting_date("spans.span_started_at") }} as day_on,
            conversations.network,
            conversations.team,
            case when spans.is_reopen then 0 else 1 end as new_cases,
            case when spans.is_reopen then 1 else 0 end as reopened_cases,
            0 as ended_cases
        from spans
        inner join conversations on conversations.conversation_key = spans.conversation_key

        union all

        select
            {{ reporting_date("spans.span_ended_at") }} as day_on,
            conversations.network,
            conversations.closing_team as team,
            0 as new_cases,
            0 as reopened_cases,
            1 as ended_cases
        from spans
        inner join conversations on conversations.conversation_key = spans.conversation_key
        where spans.span_ended_at is not null
    ),

    flows as (
        select
            day_on,
            network,
            team,
            sum(new_cases) as new_cases,
            sum(reopened_cases) as reopened_cases,
            sum(ended_cases) as ended_cases
        from moved
        group by day_on, network, team
    ),

    keys as (
        select day_on, network, team
        from open_then
        union
        select day_on, network, team
        from flows
    ),

    {% set states = [
        "open_cases",
        "pending_cases",
        "on_hold_cases",
        "unanswered_cases",
        "unassigned_cases",
        "vip_cases",
        "overdue_cases",
        "aged_under_4h",
        "aged_4h_to_1d",
        "aged_1d_to_2d",
        "aged_2d_to_7d",
        "aged_7d_and_over",
    ] %}

    final as (
        select
            {{ surrogate_key(["keys.day_on", "keys.network", "keys.team"]) }} as backlog_day_key,
            keys.day_on,
            keys.network,
            keys.team,
            cast(coalesce(flows.new_cases, 0) as bigint) as new_cases,
            cast(coalesce(flows.reopened_cases, 0) as bigint) as reopened_cases,
            cast(coalesce(flows.ended_cases, 0) as bigint) as ended_cases,
            -- The running day has no end yet, so its backlog is not known.
            {% for state in states %}
                case
                    when dates.day_ends_at <= {{ as_of() }} then coalesce(open_then.{{ state }}, 0)
                end as {{ state }}
                {% if not loop.last %},{% endif %}
            {% endfor %}
        from keys
        inner join dates on dates.date_on = keys.day_on
        left join
            open_then
            on open_then.day_on = keys.day_on
            and open_then.network = keys.network
            and open_then.team = keys.team
        left join
            flows
            on flows.day_on = keys.day_on
            and flows.network = keys.network
            and flows.team = keys.team
    )

select *
from final
