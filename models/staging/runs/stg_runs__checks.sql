with
    recorded as (select * from {{ stream("runs", "checks") }}),

    -- A run does not know of itself, nor of those that came after it.
    earlier as (select * from recorded where as_of_at < {{ as_of() }}),

    final as (
        select
            {{ surrogate_key(["as_of_at", "asset"]) }} as run_check_key,
            run_id,

            as_of_at,

            asset,

            checks,
            passed,
            warned,
            failed
        from earlier
    )

select *
from final
