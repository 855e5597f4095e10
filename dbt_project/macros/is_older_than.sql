{#- Whether an instant lies at least so many seconds before the as-of instant. -#}
{% macro is_older_than(instant, seconds) -%}
    {{ add_seconds(instant, seconds) }} <= {{ as_of() }}
{%- endmacro %}
