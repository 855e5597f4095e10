{#- Whether a pattern occurs anywhere in a text. The pattern may be a column; it must read the same in RE2 and in Java, so
    no look-around, no POSIX classes, no bracket within brackets and no backslashes (Spark unescapes them inside a literal). -#}
{% macro regex_matches(text, pattern) -%}
    {{ return(adapter.dispatch("regex_matches")(text, pattern)) }}
{%- endmacro %}
{% macro duckdb__regex_matches(text, pattern) -%}
    regexp_matches({{ text }}, {{ pattern }})
{%- endmacro %}
{% macro spark__regex_matches(text, pattern) -%}({{ text }} rlike {{ pattern }}) {%- endmacro %}
