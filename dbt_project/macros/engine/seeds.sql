{#- Seeds on Spark. The adapter's session would write NULL as the word None and a text with a quote as broken SQL; here every
    cell is a literal, typed by the seed's declaration, else as dbt reads the column. -#}
{% macro spark__create_csv_table(model, agate_table) -%}
    {%- set declared = model["config"].get("column_types", {}) -%}
    {%- set sql -%}
        create table {{ this.render() }} (
            {%- for name in agate_table.column_names %}
                {{ name }} {{ spark_type(declared.get(name, adapter.convert_type(agate_table, loop.index0))) }}
                {%- if not loop.last %},{% endif %}
            {%- endfor %}
        )
        {{ file_format_clause() }}
        {{ location_clause() }}
    {%- endset -%}
    {%- call statement("_") -%} {{ sql }} {%- endcall -%}
    {{ return(sql) }}
{%- endmacro %}

{% macro spark__load_csv_rows(model, agate_table) -%}
    {%- set declared = model["config"].get("column_types", {}) -%}
    {%- set sql -%}
        insert overwrite {{ this.render() }}
        select
            {%- for name in agate_table.column_names %}
                cast({{ name }} as {{ spark_type(declared.get(name, adapter.convert_type(agate_table, loop.index0))) }}) as {{ name }}
                {%- if not loop.last %},{% endif %}
            {%- endfor %}
        from
            values
            {%- for row in agate_table.rows %}
                ({%- for cell in row -%}
                    {{ spark_literal(cell) }}
                    {%- if not loop.last %}, {% endif %}
                {%- endfor -%})
                {%- if not loop.last %},{% endif %}
            {%- endfor %} as rows ({{ agate_table.column_names | join(", ") }})
    {%- endset -%}
    {%- if agate_table.rows | length > 0 -%}
        {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
    {%- endif -%}
    {{ return(sql) }}
{%- endmacro %}

{#- A cell as text that Spark reads back: a backslash and a quote need a backslash before them. -#}
{% macro spark_literal(cell) -%}
    {%- if cell is none -%} {{ return("null") }} {%- endif -%}
    {{ return("'" ~ (cell | string | replace("\\", "\\\\") | replace("'", "\\'")) ~ "'") }}
{%- endmacro %}
