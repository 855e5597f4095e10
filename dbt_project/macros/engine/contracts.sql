{#- A contract's types as Spark calls them: it has no text without a length and no integers of 128 bits. -#}
{% macro spark_type(data_type) -%}
    {{
        return(
            {"varchar": "string", "hugeint": "decimal(38, 0)"}.get(data_type | lower, data_type)
        )
    }}
{%- endmacro %}

{#- Spark counts and ranks in other widths of integer than DuckDB, and rounds to a decimal where DuckDB keeps a double. So a
    contract is kept by a cast of each column it names, in its order; a column that is missing is an error all the same. -#}
{% macro spark__get_assert_columns_equivalent(sql) -%} {%- endmacro %}
{% macro spark__get_select_subquery(sql) -%}
    select
        {% for column in model["columns"].values() -%}
            cast(
                {{ column["name"] }} as {{ spark_type(column["data_type"]) }}
            ) as {{ column["name"] }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from ({{ sql }}) as contracted
{%- endmacro %}

{#- Tables of Parquet hold no constraints; data tests ask for what is never NULL. -#}
{% macro spark__persist_constraints(relation, model) -%} {%- endmacro %}
