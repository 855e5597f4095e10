{%- set stream = "source, stream" -%}

with
    exports as (select * from {{ ref("int_exports_read") }}),

    -- An export without a row says nothing about its columns.
    told as (select * from exports where rows_read > 0 and columns_found is not null),

    named as (
        select
            {{ stream }},
            exported_on,
            {{ split_rows("columns_found", "'|'") }} as column_name,
            true as is_declared
        from told
        union all
        select
            {{ stream }},
            exported_on,
            {{ split_rows("columns_unknown", "'|'") }} as column_name,
            false as is_declared
        from told
        where columns_unknown is not null
    ),

    days as (
        select
            {{ stream }},
            exported_on,
            row_number() over (partition by {{ stream }} order by exported_on) as export_number
        from (select distinct {{ stream }}, exported_on from told) as each_once
    ),

    present as (
        select
            days.source,
            days.stream,
            named.column_name,
            days.export_number,
            min(cast(named.is_declared as integer)) = 1 as is_declared
        from named
        inner join
            days
            on days.source = named.source
            and days.stream = named.stream
            and days.exported_on = named.exported_on
        group by days.source, days.stream, named.column_name, days.export_number
    ),

    placed as (
        select
            *,
            lag(export_number) over history as before_number,
            lag(export_number, 2) over history as second_before_number,
            lead(export_number) over history as after_number
        from present
        window history as (partition by {{ stream }}, column_name order by export_number)
    ),

    -- A field that a few records have comes and goes: a column is missed only after three exports
    -- in a row had it, and is new once.
    changes as (
        select {{ stream }}, column_name, is_declared, export_number, 'new' as change
        from placed
        where before_number is null and (export_number > 1 or not is_declared)
        union all
        select {{ stream }}, column_name, is_declared, export_number + 1, 'missing'
        from placed
        where
            coalesce(after_number, 0) <> export_number + 1
            and second_before_number = export_number - 2
    ),

    final as (
        select
            {{
                surrogate_key(
                    [
                        "days.source",
                        "days.stream",
                        "days.exported_on",
                        "changes.column_name",
                        "changes.change",
                    ]
                )
            }} as column_change_key,
            days.source,
            days.stream,

            days.exported_on,

            changes.column_name,
            changes.change,
            changes.is_declared
        from changes
        inner join
            days
            on days.source = changes.source
            and days.stream = changes.stream
            and days.export_number = changes.export_number
    )

select *
from final
