with
    notes as (select * from {{ ref("review_notes") }}),

    final as (
        select
            {{ surrogate_key(["note_id"]) }} as note_key,
            note_id,

            starts_on,
            ends_on,

            kind,
            kpi_id,
            network,

            title,
            body,
            outcome,
            author
        from notes
    )

select *
from final
