with
    recorded as (select * from {{ stream("closings", "periods") }}),

    -- A run does not know of what was closed after it.
    known as (select * from recorded where {{ known_closings() }}),

    final as (
        select
            {{ surrogate_key(["closed_kind", "closed_label", "as_of_at"]) }} as closing_key,
            snapshot_id,

            period_start_on,
            period_end_on,
            as_of_at,

            closed_kind,
            closed_label,
            is_early,
            rules_version,
            correction_notes
        from known
    )

select *
from final
