with
    phone as (select * from {{ ref("stg_phone__daily") }}),

    -- Some systems write the calls in one row and what was offered instead in others, one a
    -- channel.
    final as (
        select
            {{ surrogate_key(["'phone'", "date_on", "queue"]) }} as phone_day_key,

            date_on,

            queue,
            case
                when count(distinct deflection_channel) > 1
                then 'several'
                else min(deflection_channel)
            end as deflection_channel,

            cast(sum(calls_offered) as bigint) as calls_offered,
            cast(sum(calls_answered) as bigint) as calls_answered,
            cast(sum(calls_abandoned) as bigint) as calls_abandoned,
            {{ exact_sum("talk_s") }} as talk_s,
            {{ exact_sum("hold_s") }} as hold_s,
            {{ exact_sum("after_call_s") }} as after_call_s,
            {{ exact_sum("agent_hours") }} as agent_hours,
            cast(sum(deflections_offered) as bigint) as deflections_offered,
            cast(sum(deflections_accepted) as bigint) as deflections_accepted,
            cast(sum(callbacks_within_7d) as bigint) as callbacks_within_7d
        from phone
        group by date_on, queue
    )

select *
from final
