{#- How a campaign word is compared: lower case, spaces squeezed, empty is NULL. -#}
{% macro clean_label(text) -%} nullif(lower({{ squeeze_spaces(text) }}), '') {%- endmacro %}

{#- The same for a word taken from an address: decoded first. -#}
{% macro clean_url_label(text) -%} {{ clean_label(url_decode(text)) }} {%- endmacro %}
