{#- Whether a row's file was there at the as-of instant. A file that does not say when it was exported has the time it
    was copied, which says nothing: it counts. -#}
{% macro is_exported() -%}
    (_exported_at <= {{ as_of() }} or not _exported_at_is_known)
{%- endmacro %}
