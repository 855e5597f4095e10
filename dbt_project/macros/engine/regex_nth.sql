{#- The nth match (from 1) of a pattern without groups, NULL beyond the last. Spark needs the group number spelled out and
    fails on an index beyond the end unless asked for it with `try_element_at`. -#}
{% macro regex_nth(text, pattern, ordinal) -%}
    {{ return(adapter.dispatch("regex_nth")(text, pattern, ordinal)) }}
{%- endmacro %}
{% macro duckdb__regex_nth(text, pattern, ordinal) -%}
    regexp_extract_all({{ text }}, {{ pattern }})[{{ ordinal }}]
{%- endmacro %}
{% macro spark__regex_nth(text, pattern, ordinal) -%}
    try_element_at(regexp_extract_all({{ text }}, {{ pattern }}, 0), {{ ordinal }})
{%- endmacro %}
