{#- The SQL of a model whose imports (`name as (select * from a_table)`) are read where they are used. DuckDB keeps what is
    read twice as a copy; of a table that is there already it is never worth its memory. -#}
{% macro with_imports_in_place(code) -%}
    {%- set name = '"[^"]+"' -%}
    {%- set import = (
        "\\bas\\s*(\\(\\s*select \\*\\s+from\\s+" ~ [name, name, name]
        | join("\\.") ~ "\\s*\\))"
    ) -%}
    {{ return(modules.re.sub(import, "as not materialized \\1", code)) }}
{%- endmacro %}
