{#- One group of the first match. Both engines answer '' where nothing matches; that is NULL here. -#}
{% macro regex_group(text, pattern, group_number=1) -%}
    nullif(regexp_extract({{ text }}, {{ pattern }}, {{ group_number }}), '')
{%- endmacro %}
