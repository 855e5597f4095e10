{#- Percent-decoding with `+` as a space. DuckDB leaves `+` alone and a broken escape as it is; Spark's `url_decode` fails
    the query on a broken escape, hence `try_`. -#}
{% macro url_decode(text) -%} {{ return(adapter.dispatch("url_decode")(text)) }} {%- endmacro %}
{% macro duckdb__url_decode(text) -%} url_decode(replace({{ text }}, '+', ' ')) {%- endmacro %}
{% macro spark__url_decode(text) -%}
    coalesce(try_url_decode({{ text }}), replace({{ text }}, '+', ' '))
{%- endmacro %}
