with
    files as (select * from {{ ref("stg_extraction__files") }}),

    -- A file that does not say when it was exported counts, as the rows in it do.
    known as (
        select
            *,
            case
                when exported_at > {{ as_of() }} then {{ as_of() }} else exported_at
            end as known_at
        from files
        where not exported_at_is_known or coalesce(exported_at, {{ as_of() }}) <= {{ as_of() }}
    ),

    -- The same content under two names is one export.
    exported as (
        select
            source,
            stream,
            content_sha256,
            min(known_at) as exported_at,
            min(status) as status,
            max(columns_found) as columns_found,
            max(columns_unknown) as columns_unknown,
            max(rows_read) as rows_read,
            max(rows_in_lake) as rows_in_lake,
            max(rows_quarantined) as rows_quarantined
        from known
        group by source, stream, content_sha256
    ),

    final as (
        select
            {{ surrogate_key(["source", "stream", "content_sha256"]) }} as export_key,
            source,
            stream,
            content_sha256,

            exported_at,
            cast(
                {{ reporting_date("coalesce(exported_at, " ~ as_of() ~ ")") }} as date
            ) as exported_on,

            status,
            columns_found,
            columns_unknown,

            rows_read,
            rows_in_lake,
            rows_quarantined
        from exported
    )

select *
from final
