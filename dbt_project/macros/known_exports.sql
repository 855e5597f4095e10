{#- The instant of an export as a snapshot's: one of unknown age counts as made at the as-of instant. -#}
{% macro snapshot_instant() -%}
    case when _exported_at > {{ as_of() }} then {{ as_of() }} else _exported_at end
{%- endmacro %}

{#- Whether an export was made by the as-of instant; one of unknown age counts as the latest. -#}
{% macro is_known_export() -%}
    (not _exported_at_is_known or _exported_at <= {{ as_of() }})
{%- endmacro %}
