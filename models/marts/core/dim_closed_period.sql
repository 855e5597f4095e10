with
    closings as (select * from {{ ref("int_closed_periods") }}),

    final as (
        select
            closing_key as closed_period_key,
            snapshot_id,

            period_start_on,
            period_end_on,
            closed_as_of_at,

            closed_kind,
            closed_label,
            is_early
        from closings
    )

select *
from final
