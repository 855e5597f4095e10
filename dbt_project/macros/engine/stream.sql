{#- The rows of a stream in the lake, in place of `source`. DuckDB's adapter puts the files where the source is named; for
    Spark the files are the table, and their place is read from the source's declaration. -#}
{% macro stream(source_name, stream_name) -%}
    {{ return(adapter.dispatch("stream")(source_name, stream_name)) }}
{%- endmacro %}
{% macro duckdb__stream(source_name, stream_name) -%}
    {{ return(source(source_name, stream_name)) }}
{%- endmacro %}
{% macro spark__stream(source_name, stream_name) -%}
    {%- set declared = source(source_name, stream_name) -%}
    {%- if execute -%}
        {%- set unique_id = "source." ~ project_name ~ "." ~ source_name ~ "." ~ stream_name -%}
        {%- set files = graph.sources[unique_id].config.meta.external_location.split("'")[1] -%}
        {{ return("parquet.`" ~ files ~ "`") }}
    {%- endif -%}
    {{ return(declared) }}
{%- endmacro %}
