with
    promises as (select * from {{ ref("fct_sla") }} where is_in_scope and breached_at is not null),

    dates as (select * from {{ ref("dim_date") }} where day_starts_at < {{ as_of() }}),

    beginning as (select min(breached_at) as first_at from promises),

    -- The running day is looked at as of now.
    days as (
        select dates.date_on, least(dates.day_ends_at, {{ as_of() }}) as state_at
        from dates
        inner join beginning on beginning.first_at < dates.day_ends_at
    ),

    overdue as (
        select days.date_on as day_on, promises.*
        from promises
        inner join
            days
            on promises.breached_at <= days.state_at
            and coalesce(promises.ended_at, {{ far_future() }}) > days.state_at
    ),

    -- A day without a broken promise is a day all the same.
    final as (
        select
            {{ surrogate_key(["sla_key", "day_on"]) }} as overdue_promise_key,
            day_on,
            sla_key,
            conversation_key,
            profile_key,
            agent_key,
            network,
            team,
            policy_id,
            metric,
            1 as overdue_promises
        from overdue

        union all

        select
            {{ surrogate_key(["date_on"]) }} as overdue_promise_key,
            date_on as day_on,
            null as sla_key,
            null as conversation_key,
            null as profile_key,
            null as agent_key,
            null as network,
            null as team,
            null as policy_id,
            null as metric,
            0 as overdue_promises
        from days
    )

select *
from final
