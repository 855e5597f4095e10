with
    written as (select * from {{ ref("stg_runs__reviews") }}),

    -- A review that is written again was delivered when it was written first.
    final as (
        select
            {{ surrogate_key(["cadence", "period_start_on"]) }} as review_key,

            period_start_on,
            min(as_of_at) as delivered_at,
            max(as_of_at) as rewritten_at,

            cadence,

            count(*) as deliveries
        from written
        group by cadence, period_start_on
    )

select *
from final
