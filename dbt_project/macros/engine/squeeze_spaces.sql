{#- Runs of white space become one space, ends are trimmed. `trim` alone leaves tabs and line ends. -#}
{% macro squeeze_spaces(text) -%}
    {{ return(adapter.dispatch("squeeze_spaces")(text)) }}
{%- endmacro %}
{% macro duckdb__squeeze_spaces(text) -%}
    trim(regexp_replace({{ text }}, '\s+', ' ', 'g'))
{%- endmacro %}
{% macro spark__squeeze_spaces(text) -%}
    trim(regexp_replace({{ text }}, '\\s+', ' '))
{%- endmacro %}
