{#- The last row up a chain of parents, as a subquery of `id` and `end_id`; a row without a parent is its own. Chains must not
    be circles. Spark 4.0 has no recursion, and computes a step anew for each mention of it: so every round there asks the
    row pointed at where it points, within one window, and doubles the way; sixteen do for chains of 65,536 rows. -#}
{% macro chain_ends(rows, id, parent_id) -%}
    {{ return(adapter.dispatch("chain_ends")(rows, id, parent_id)) }}
{%- endmacro %}
{% macro duckdb__chain_ends(rows, id, parent_id) -%}
    (
        with recursive
            ends as (
                select {{ id }}, {{ id }} as end_id
                from {{ rows }}
                where {{ parent_id }} is null
                union all
                select {{ rows }}.{{ id }}, ends.end_id
                from {{ rows }}
                inner join ends on ends.{{ id }} = {{ rows }}.{{ parent_id }}
            )
        select *
        from ends
    )
{%- endmacro %}
{% macro spark__chain_ends(rows, id, parent_id) -%}
    {%- set found = namespace(
        sql="select "
        ~ id
        ~ " as here, coalesce("
        ~ parent_id
        ~ ", "
        ~ id
        ~ ") as there from "
        ~ rows
    ) -%}
    {%- for _ in range(16) -%}
        {%- set found.sql = (
            "select asking as here, answer as there from (select asking, max(pointer) over (partition by place) as answer"
            ~ " from (select inline(array("
            ~ "named_struct('place', here, 'asking', cast(null as string), 'pointer', there), "
            ~ "named_struct('place', there, 'asking', here, 'pointer', cast(null as string))"
            ~ ")) from ("
            ~ found.sql
            ~ "))) where asking is not null"
        ) -%}
    {%- endfor -%}
    (select here as {{ id }}, there as end_id from ({{ found.sql }}))
{%- endmacro %}
