{#- The first value of a query parameter, still encoded; NULL when absent or empty. Names are matched without case, and
    `&amp;` counts as `&`: people paste links out of HTML. -#}
{% macro url_param(url, name) -%}
    nullif(regexp_extract({{ url }}, '(?i)[?&](amp;)?{{ name }}=([^&#]*)', 2), '')
{%- endmacro %}
