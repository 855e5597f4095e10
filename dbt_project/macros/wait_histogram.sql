{#- Buckets of waits that grow by 1 % each: no wait in a bucket differs from its middle by more than half of that. A
    wait of nought has a bucket of its own, because it has no logarithm. -#}
{% macro wait_bucket(wait_s) -%}
    cast(case when {{ wait_s }} < 1 then -1 else floor(ln({{ wait_s }}) / ln(1.01)) end as bigint)
{%- endmacro %}

{#- The wait that stands for a bucket: the geometric middle of its bounds. -#}
{% macro wait_of_bucket(bucket) -%}
    case when {{ bucket }} < 0 then 0.0 else exp(({{ bucket }} + 0.5) * ln(1.01)) end
{%- endmacro %}
