{#- Who did something in Sprout is a URN, `urn:spt:core:account_login:42` or `…:automated_rule:7`, or the bare id of a user.
    The id of a person; NULL for what a rule did. -#}
{% macro sprout_person(actor) -%}
    case when not {{ sprout_is_rule(actor) }} then {{ regex_group(actor, "'([^:]+)$'") }} end
{%- endmacro %}

{#- Every URN that is not a login's is a machine's; nobody named is nobody known to be one. -#}
{% macro sprout_is_rule(actor) -%}
    coalesce({{ actor }} like 'urn:%' and {{ actor }} not like '%login:%', false)
{%- endmacro %}
