with
    recorded as (select * from {{ source("extraction", "files") }}),

    latest as (
        select *
        from recorded
        qualify
            row_number() over (
                partition by source, stream, file, file_sha256
                order by extracted_at desc, status, message
            )
            = 1
    ),

    final as (
        select
            {{ surrogate_key(["source", "stream", "file", "file_sha256"]) }} as file_version_key,
            source,
            stream,
            file as landing_file,

            exported_at,

            status,
            rows_in_lake
        from latest
    )

select *
from final
