with
    recorded as (select * from {{ stream("closings", "streams") }}),

    -- A run does not know of what was closed after it.
    known as (select * from recorded where {{ known_closings() }}),

    final as (
        select
            {{ surrogate_key(["closed_kind", "closed_label", "as_of_at", "source", "stream"]) }}
            as closed_stream_key,
            {{ surrogate_key(["closed_kind", "closed_label", "as_of_at"]) }} as closing_key,

            source,
            stream,

            file_versions,
            files_digest
        from known
    )

select *
from final
