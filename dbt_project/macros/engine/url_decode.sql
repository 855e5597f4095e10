{#- `%20` and `+` as a space, and so on; what is no code stays as it is. Spark gives up on a whole text for one bad code, so
    those are told apart first. -#}
{% macro url_decode(text) -%} {{ return(adapter.dispatch("url_decode")(text)) }} {%- endmacro %}
{% macro duckdb__url_decode(text) -%} url_decode(replace({{ text }}, '+', ' ')) {%- endmacro %}
{% macro spark__url_decode(text) -%}
    url_decode(regexp_replace({{ text }}, '%(?![0-9a-fA-F]{2})', '%25'))
{%- endmacro %}
