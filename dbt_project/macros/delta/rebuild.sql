{#- The whole table once more; rows that are others than before are put in place, so that what follows is spared where
    nothing changed. -#}
{% macro rebuild_and_compare(target) -%}
    {%- set fresh = "temp." ~ adapter.quote(model.alias ~ "__fresh") -%}
    {%- set kept = "temp." ~ adapter.quote(model.alias ~ "__kept") -%}
    {%- call statement("main") -%}
        create or replace temp table {{ adapter.quote(model.alias ~ "__fresh") }} as
        select * from {{ target }} limit 0;
        insert into {{ fresh }} by name ({{ with_imports_in_place(compiled_code) }});
        create or replace temp table {{ adapter.quote(model.alias ~ "__kept") }} as
        select kept.rowid as target_row, hash(kept) as row_hash from {{ target }} as kept
    {%- endcall -%}
    {%- set rows_that_went = "select kept.* from " ~ target ~ " as kept where hash(kept)" -%}
    {%- do replace_rows(
        target,
        kept,
        fresh,
        rows_that_went if model.unique_id in var("changed_rows_wanted") else none,
    ) -%}
    {%- call statement("forget") -%}
        drop table {{ fresh }};
        drop table {{ kept }}
    {%- endcall -%}
{%- endmacro %}
