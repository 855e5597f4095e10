{#- An address in the form two addresses are compared in: no scheme, `www.`, fragment, click id or slash that closes the path;
    the host in lower case, and `&` where the query begins, so that taking out its first parameter leaves no trace. -#}
{% macro page_address(url) -%}
    {%- set rest = "regexp_extract(" ~ url ~ ", '^[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#]+([^#]*)', 1)" -%}
    {%- set click_ids = "gclid|dclid|wbraid|gbraid|fbclid|twclid|li_fat_id|ttclid|igshid|igsh|msclkid|srsltid" -%}
    {%- set clean = regex_remove(rest, "'(?i)[?&](" ~ click_ids ~ ")=[^&#]*'") -%}
    (
        {{ url_host(url) }}
        || regexp_replace(replace(replace({{ clean }}, '?', '&'), '/&', '&'), '/$', '')
    )
{%- endmacro %}
