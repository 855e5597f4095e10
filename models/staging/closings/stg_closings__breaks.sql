with
    recorded as (select * from {{ stream("closings", "breaks") }}),

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
                        "kpi_id",
                        "slice_kind",
                        "slice_value",
                        "changed_on",
                    ]
                )
            }} as closed_break_key,
            {{ surrogate_key(["closed_kind", "closed_label", "as_of_at"]) }} as closing_key,

            kpi_id,
            slice_kind,
            slice_value,
            changed_on
        from known
    )

select *
from final
