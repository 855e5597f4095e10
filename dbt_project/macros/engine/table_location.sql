{#- Spark only: every table is a folder of Parquet of its own, `<tables>/<schema>/<table>`. Tables of a killed run are
    folders that no catalog knows: at a named place they are written over, at Spark's own place they are an error. -#}
{% macro spark__location_clause() -%}
    {%- set tables = env_var("SPARK_TABLES_DIR", env_var("WAREHOUSE_DATA_DIR") ~ "/spark") -%}
    location '{{ tables }}/{{ model.schema }}/{{ model.alias }}'
{%- endmacro %}
