{#- A tool's word for a sentiment in ours; NULL where it is none, or a word that says nobody knows. -#}
{% macro sentiment_word(text) -%}
    case
        when lower(trim({{ text }})) in ('positive', 'pos', '1', '+1')
        then 'positive'
        when lower(trim({{ text }})) in ('neutral', '0')
        then 'neutral'
        when lower(trim({{ text }})) in ('negative', 'neg', '-1')
        then 'negative'
    end
{%- endmacro %}
