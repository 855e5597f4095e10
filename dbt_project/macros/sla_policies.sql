{#- What a policy may name to be more particular than another; `all` names nothing. -#}
{% macro sla_attributes() -%}
    {{ return(["network", "message_type", "visibility", "priority", "vip"]) }}
{%- endmacro %}

{#- How many attributes a policy names: of two policies in force, the one that names more wins. -#}
{% macro sla_particularity(policy) -%}
    (
        {%- for attribute in sla_attributes() %}
            case when {{ policy }}.{{ attribute }} = 'all' then 0 else 1 end
            {%- if not loop.last %} + {% endif -%}
        {%- endfor -%}
    )
{%- endmacro %}

{#- Whether a policy is about a subject, whatever the day. -#}
{% macro sla_concerns(policy, subject) -%}
    {{ policy }}.metric = {{ subject }}.metric
    {%- for attribute in sla_attributes() if attribute != "vip" %}
        and {{ policy }}.{{ attribute }} in ({{ subject }}.{{ attribute }}, 'all')
    {%- endfor %}
    and {{ policy }}.vip in (case when {{ subject }}.is_vip then 'vip' else 'other' end, 'all')
{%- endmacro %}

{#- Whether a policy is valid on a day: from its first, included, to its end, excluded. -#}
{% macro sla_is_valid(policy, day) -%}
    {{ policy }}.valid_from_on <= {{ day }}
    and ({{ policy }}.valid_to_on is null or {{ policy }}.valid_to_on > {{ day }})
{%- endmacro %}

{#- Seconds after which an open promise is in danger; rounded first, as 0.07 × 100 is a little over 7. -#}
{% macro sla_warning_s() -%}
    cast(ceil(round(target_s * warning_share, 6)) as bigint)
{%- endmacro %}
