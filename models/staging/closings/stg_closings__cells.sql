with
    recorded as (select * from {{ stream("closings", "cells") }}),

    -- A run does not know of what was closed after it.
    known as (select * from recorded where {{ known_closings() }}),

    final as (
        select
            {{
                surrogate_key(
                    [
                        "closed_kind",
                        "closed_label",
                        "as_of_at",
                        "period_kind",
                        "period_start_on",
                        "kpi_id",
                        "slice_kind",
                        "slice_value",
                    ]
                )
            }} as closed_cell_key,
            {{ surrogate_key(["closed_kind", "closed_label", "as_of_at"]) }} as closing_key,

            period_kind,
            period_start_on,
            period_end_on,

            kpi_id,
            slice_kind,
            slice_value,

            value,
            null_reason,
            is_provisional,
            definition_version
        from known
    )

select *
from final
