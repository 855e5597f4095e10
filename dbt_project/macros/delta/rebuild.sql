{#- The whole table once more, put in place only where it is another: what follows is spared where nothing changed. -#}
{% macro rebuild_and_compare(target) -%}
    {%- set fresh = "temp." ~ adapter.quote(model.alias ~ "__fresh") -%}
    {%- call statement("main") -%}
        create or replace temp table {{ adapter.quote(model.alias ~ "__fresh") }} as
        select * from {{ target }} limit 0;
        insert into {{ fresh }} by name ({{ compiled_code }})
    {%- endcall -%}
    {%- set same -%}
        select
            (select (count(*), sum(hash(fresh)::hugeint)) from {{ fresh }} as fresh)
            = (select (count(*), sum(hash(kept)::hugeint)) from {{ target }} as kept)
    {%- endset -%}
    {%- if not run_query(same).rows[0][0] -%}
        {%- if model.unique_id in var("changed_rows_wanted") -%}
            {%- do note_change("some", target ~ " as kept", fresh ~ " as fresh") -%}
        {%- else -%} {%- do note_change("all") -%}
        {%- endif -%}
        {%- call statement("replace") -%}
            delete from {{ target }};
            insert into {{ target }} by name select * from {{ fresh }}
        {%- endcall -%}
    {%- endif -%}
    {%- call statement("forget") -%} drop table {{ fresh }}
    {%- endcall -%}
{%- endmacro %}
