{#- The value of the first row of a group by several columns none of which is NULL; rows without a value are passed over.
    Both engines compare rows column by column, and call a row something else. -#}
{% macro first_by(value, columns) -%}
    {{ return(adapter.dispatch("first_by")(value, columns)) }}
{%- endmacro %}
{% macro duckdb__first_by(value, columns) -%}
    arg_min({{ value }}, row({{ columns | join(", ") }})) filter (where {{ value }} is not null)
{%- endmacro %}
{% macro spark__first_by(value, columns) -%}
    min_by({{ value }}, struct({{ columns | join(", ") }})) filter (where {{ value }} is not null)
{%- endmacro %}

{#- The same of the last row. -#}
{% macro last_by(value, columns) -%}
    {{ return(adapter.dispatch("last_by")(value, columns)) }}
{%- endmacro %}
{% macro duckdb__last_by(value, columns) -%}
    arg_max({{ value }}, row({{ columns | join(", ") }})) filter (where {{ value }} is not null)
{%- endmacro %}
{% macro spark__last_by(value, columns) -%}
    max_by({{ value }}, struct({{ columns | join(", ") }})) filter (where {{ value }} is not null)
{%- endmacro %}
