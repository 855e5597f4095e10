{#- Whether a record of `closings` existed at the as-of. A closing counts for the very instant it froze, or data that came
    late for that instant would go unnoticed; a delivered week only for later ones, so that a repeated run tells the same. -#}
{% macro known_closings() -%}
    (as_of_at < {{ as_of() }} or (closed_kind <> 'week' and as_of_at = {{ as_of() }}))
{%- endmacro %}
