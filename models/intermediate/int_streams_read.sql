with
    files as (select * from {{ ref("stg_extraction__files") }}),

    -- A file that lies in the landing zone twice is read twice and brings nothing new.
    contents as (select distinct source, stream, content_sha256 from files where rows_in_lake > 0),

    final as (
        select
            {{ surrogate_key(["source", "stream"]) }} as stream_key,
            source,
            stream,

            count(*) as file_versions,
            md5({{ join_texts("content_sha256", "' '") }}) as files_digest
        from contents
        group by source, stream
    )

select *
from final
