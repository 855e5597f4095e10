{#- One row per field of a JSON object of texts, as a struct of `key` and `value`, for the select list of a subquery. NULL,
    and what is no JSON, gives no row; the order of fields means nothing. -#}
{% macro json_pairs(document) -%}
    {{ return(adapter.dispatch("json_pairs")(document)) }}
{%- endmacro %}
{% macro duckdb__json_pairs(document) -%}
    unnest(
        map_entries(
            cast(
                cast(case when json_valid({{ document }}) then {{ document }} end as json) as map(
                    varchar, varchar
                )
            )
        )
    )
{%- endmacro %}
{% macro spark__json_pairs(document) -%}
    explode(map_entries(from_json({{ document }}, 'map<string,string>')))
{%- endmacro %}
