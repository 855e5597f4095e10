with
    recorded as (select * from {{ stream("runs", "reviews") }}),

    -- A run does not know of itself, nor of those that came after it.
    earlier as (select * from recorded where as_of_at < {{ as_of() }}),

    final as (
        select
            {{ surrogate_key(["cadence", "period_start_on", "as_of_at"]) }} as review_delivery_key,
            snapshot_id,

            period_start_on,
            as_of_at,

            cadence
        from earlier
    )

select *
from final
