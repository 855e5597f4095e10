with
    exported as (select * from {{ stream("phone", "daily") }}),

    known as (
        select
            *,
            nullif({{ squeeze_spaces("queue") }}, '') as queue_name,
            lower(nullif({{ squeeze_spaces("deflection_channel") }}, '')) as deflection_name
        from exported
        where date <= cast({{ as_of() }} as date)
    ),

    -- A later export restates a day. A line of totals would count every call twice.
    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by date, queue_name, deflection_name
                        order by {{ latest_version_first() }}
                    ) as place
                from known
                where lower(queue_name) not in ('total', 'totals', 'grand total')
            )
        where place = 1
    ),

    final as (
        select
            {{ surrogate_key(["'phone'", "date", "queue_name", "deflection_name"]) }}
            as phone_day_key,

            date as date_on,

            queue_name as queue,
            deflection_name as deflection_channel,

            calls_offered,
            calls_answered,
            calls_abandoned,
            talk_s,
            hold_s,
            after_call_s,
            agent_hours,
            deflections_offered,
            deflections_accepted,
            callbacks_within_7d
        from latest
    )

select *
from final
