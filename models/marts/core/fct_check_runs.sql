with
    checked as (select * from {{ ref("int_runs_checked") }}),

    final as (
        select
            run_check_key,
            run_id,

            as_of_at,
            checked_on,

            checked_table,

            checks,
            passed,
            warned,
            failed
        from checked
    )

select *
from final
