with
    refused as (select * from {{ ref("stg_extraction__quarantine") }}),

    exports as (select * from {{ ref("int_exports_read") }}),

    -- Copies of a file refuse the same rows.
    final as (
        select
            {{
                surrogate_key(
                    ["exports.export_key", "refused.refused_because", "refused.column_name"]
                )
            }} as refusal_key,
            exports.export_key,
            exports.source,
            exports.stream,

            exports.exported_on,

            refused.refused_because,
            refused.column_name,
            refused.is_whole_file,

            count(distinct coalesce(refused.file_row, 0)) as refusals
        from refused
        inner join
            exports
            on exports.source = refused.source
            and exports.stream = refused.stream
            and exports.content_sha256 = refused.content_sha256
        group by
            exports.export_key,
            exports.source,
            exports.stream,
            exports.exported_on,
            refused.refused_because,
            refused.column_name,
            refused.is_whole_file
    )

select *
from final
