with
    recorded as (select * from {{ stream("closings", "errata") }}),

    -- A run does not know of what was closed after it.
    known as (select * from recorded where {{ known_closings() }}),

    final as (
        select
            {{ surrogate_key(["closed_kind", "closed_label", "as_of_at", "restatement_key"]) }}
            as told_erratum_key,
            {{ surrogate_key(["closed_kind", "closed_label", "as_of_at"]) }} as closing_key,
            restatement_key,

            now_value
        from known
    )

select *
from final
