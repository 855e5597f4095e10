{#- The numbers that a document of the API tells beside a post, one row a row of `rows` that has any: a column for every
    name of `names`, and one named `<name>_<kind>` for every kind within a number that is an object. The list
    is JSON text in `insights`, of `{name, value}`; `row_key` names the row. -#}
{% macro pivoted_insights(rows, names, kinds={}) -%}
    select
        row_key
        {%- for word in names %}
            ,
            max(
                case when insight = '{{ word }}' then cast({{ try_number("value") }} as bigint) end
            ) as {{ word }}
        {%- endfor %}
        {%- for name, words in kinds.items() %}
            {%- for word in words %}
                ,
                max(
                    case
                        when insight = '{{ name }}'
                        then
                            cast({{ try_number(json_text("value", "'$." ~ word ~ "'")) }} as bigint)
                    end
                ) as {{ name }}_{{ word }}
            {%- endfor %}
        {%- endfor %}
    from
        (
            select
                row_key,
                {{ json_text("insight_json", "'$.name'") }} as insight,
                {{ json_text("insight_json", "'$.value'") }} as value
            from
                (
                    select row_key, {{ json_rows("insights") }} as insight_json
                    from {{ rows }}
                    where insights is not null
                ) as listed
        ) as named
    group by row_key
{%- endmacro %}
