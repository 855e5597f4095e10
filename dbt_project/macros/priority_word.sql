{#- A tool's free word for a priority in ours; NULL where it is none we know. -#}
{% macro priority_word(text) -%}
    case
        when lower(trim({{ text }})) in ('critical', 'urgent')
        then 'critical'
        when lower(trim({{ text }})) in ('normal', 'medium')
        then 'normal'
        when lower(trim({{ text }})) in ('high', 'low')
        then lower(trim({{ text }}))
    end
{%- endmacro %}
