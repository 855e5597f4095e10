{#- The open end of a validity interval, where a comparison needs an instant. -#}
{% macro far_future() -%} cast('9999-12-31 00:00:00' as timestamp) {%- endmacro %}
