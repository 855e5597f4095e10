with
    recorded as (select * from {{ stream("extraction", "files") }}),

    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by source, stream, file, file_sha256
                        order by extracted_at desc, status, message
                    ) as place
                from recorded
            )
        where place = 1
    ),

    final as (
        select
            {{ surrogate_key(["source", "stream", "file", "file_sha256"]) }} as file_version_key,
            source,
            stream,
            file as landing_file,
            file_sha256 as content_sha256,

            exported_at,
            -- Records of before this was told are of files that say it themselves.
            coalesce(exported_at_is_known, true) as exported_at_is_known,

            status,
            columns_found,
            columns_unknown,

            rows_read,
            rows_in_lake,
            rows_quarantined
        from latest
    )

select *
from final
