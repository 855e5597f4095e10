with
    phone_days as (select * from {{ ref("int_phone_days") }}),

    final as (
        select
            phone_day_key,

            date_on,

            queue,
            deflection_channel,

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
        from phone_days
    )

select *
from final
