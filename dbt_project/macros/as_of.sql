{#- The instant the numbers are as of, as a naive UTC timestamp. Models compare with this and never with a clock. -#}
{% macro as_of(instant=none) -%}
    {%- set text = (instant or var("as_of")) | string -%}
    {%- set utc = text | replace("T", " ") | replace("Z", "") -%}
    {%- if "+" in utc or utc | length < 10 -%}
        {{
            exceptions.raise_compiler_error(
                "as_of must be a UTC instant such as 2026-04-15T06:00:00Z, found " ~ text
            )
        }}
    {%- endif -%}
    cast('{{ utc }}' as timestamp)
{%- endmacro %}
