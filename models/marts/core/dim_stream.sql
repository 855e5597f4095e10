with
    streams as (select * from {{ ref("int_streams_read") }}),

    final as (select stream_key, source, stream, file_versions, files_digest from streams)

select *
from final
