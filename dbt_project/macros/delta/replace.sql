{#- Puts the rows of the temporary table `<model>__fresh` in the place of rows of the model's table, and leaves the state of
    the node. Only rows that differ are written: most of what is made anew is as it was.

    `kept` is a relation of the rows that may go, with their `target_row` (where they are in the table) and `row_hash`.
    Rows are told apart by a hash of 64 bits; taking whole rows away from whole rows costs several times as much. A row that
    is there more often than before differs with all its copies.

    `rows_that_went` is a query of the columns of the table that ends in front of `in (the hashes that differ)`: with it the
    state is `some`, without it `all`. -#}
{% macro replace_rows(target, kept, fresh, rows_that_went) -%}
    {%- set differing = "temp." ~ adapter.quote(model.alias ~ "__differing") -%}
    {%- set went -%}
        select target_row from {{ kept }} where row_hash in (select row_hash from {{ differing }})
    {%- endset -%}
    {%- set came -%}
        select fresh.* from {{ fresh }} as fresh
        where hash(fresh) in (select row_hash from {{ differing }})
    {%- endset -%}
    {%- call statement("differing") -%}
        create or replace temp table {{ adapter.quote(model.alias ~ "__differing") }} as
        select row_hash
        from
            (
                select row_hash, 1 as copies from {{ kept }}
                union all
                select hash(fresh) as row_hash, -1 as copies from {{ fresh }} as fresh
            )
        group by row_hash
        having sum(copies) <> 0
    {%- endcall -%}
    {%- if run_query("select exists (from " ~ differing ~ ")").rows[0][0] -%}
        {%- if rows_that_went is none -%} {%- do note_change("all") -%}
        {%- else -%}
            {%- set went_and_came -%}
                select *, -1 as _copies from ({{ rows_that_went }} in (select row_hash from {{ differing }}))
                union all
                select *, 1 as _copies from ({{ came }})
            {%- endset -%}
            {%- do note_change("some", went_and_came) -%}
        {%- endif -%}
        {%- call statement("replace") -%}
            delete from {{ target }} where rowid in ({{ went }});
            insert into {{ target }} by name {{ came }}
        {%- endcall -%}
    {%- endif -%}
    {%- call statement("forget_differing") -%} drop table {{ differing }}
    {%- endcall -%}
{%- endmacro %}
