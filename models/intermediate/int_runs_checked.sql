with
    checked as (select * from {{ ref("stg_runs__checks") }}),

    final as (
        select
            run_check_key,
            run_id,

            as_of_at,
            cast({{ reporting_date("as_of_at") }} as date) as checked_on,

            asset as checked_table,

            checks,
            passed,
            warned,
            failed
        from checked
    )

select *
from final
