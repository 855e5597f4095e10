{#- `%20` and `+` as a space, and so on; what is no code stays as it is, and so does a text whose codes are no UTF-8, at which
    DuckDB would fail. Spark gives up on a whole text for one bad code, so those are told apart first. -#}
{% macro url_decode(text) -%} {{ return(adapter.dispatch("url_decode")(text)) }} {%- endmacro %}
{% macro duckdb__url_decode(text) -%}
    coalesce(try(url_decode(replace({{ text }}, '+', ' '))), replace({{ text }}, '+', ' '))
{%- endmacro %}
{% macro spark__url_decode(text) -%}
    {%- set decoded = "url_decode(regexp_replace(" ~ text ~ ", '%(?![0-9a-fA-F]{2})', '%25'))" -%}
    case when contains({{ decoded }}, '�') then replace({{ text }}, '+', ' ') else {{ decoded }} end
{%- endmacro %}
