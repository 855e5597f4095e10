with
    recorded as (select * from {{ stream("extraction", "quarantine") }}),

    -- A file read again under another declaration is told by its latest reading.
    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by source, stream, file, file_sha256, row
                        order by extracted_at desc, reason, column_name
                    ) as place
                from recorded
            )
        where place = 1
    ),

    -- Details of a reason follow a colon; a file refused whole has its reason after the first one.
    final as (
        select
            {{ surrogate_key(["source", "stream", "file", "file_sha256", "row"]) }}
            as refused_row_key,
            source,
            stream,
            file as landing_file,
            file_sha256 as content_sha256,
            row as file_row,

            reason like 'file rejected:%' as is_whole_file,
            coalesce(
                {{ regex_group("reason", "'^(?:file rejected: )?([^:;]+)'") }}, 'no reason'
            ) as refused_because,
            column_name
        from latest
    )

select *
from final
