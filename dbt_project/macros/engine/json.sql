{#- The value at a path such as '$.a.b' of a JSON text, as text: strings without quotes, objects and lists as JSON.
    NULL where there is none, or where the text is no JSON, which DuckDB takes for an error. -#}
{% macro json_text(document, path) -%}
    {{ return(adapter.dispatch("json_text")(document, path)) }}
{%- endmacro %}
{% macro duckdb__json_text(document, path) -%}
    (case when json_valid({{ document }}) then json_extract_string({{ document }}, {{ path }}) end)
{%- endmacro %}
{% macro spark__json_text(document, path) -%}
    get_json_object({{ document }}, {{ path }})
{%- endmacro %}

{#- One row per element of a JSON list, as text in the sense above, for the select list of a subquery.
    NULL, an empty list and what is no list give no row. -#}
{% macro json_rows(list) -%} {{ return(adapter.dispatch("json_rows")(list)) }} {%- endmacro %}
{% macro duckdb__json_rows(list) -%}
    unnest(
        case
            when json_valid({{ list }}) and json_type({{ list }}) = 'ARRAY'
            then json_extract_string({{ list }}, '$[*]')
        end
    )
{%- endmacro %}
{% macro spark__json_rows(list) -%}
    explode(
        case when startswith(ltrim({{ list }}), '[') then from_json({{ list }}, 'array<string>') end
    )
{%- endmacro %}
