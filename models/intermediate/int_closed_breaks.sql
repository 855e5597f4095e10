with
    closings as (select * from {{ ref("int_closed_periods") }}),

    recorded as (select * from {{ ref("stg_closings__breaks") }}),

    final as (
        select recorded.*
        from recorded
        inner join closings on closings.closing_key = recorded.closing_key
    )

select *
from final
