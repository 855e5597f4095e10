{#- The host of an address, lower case, without user, port and a leading `www.`. Spark's `parse_url` gives NULL for
    `android-app://com.linkedin.android`, and DuckDB has no such function: a pattern serves both. -#}
{% macro url_host(url) -%}
    nullif(
        regexp_replace(
            lower(
                regexp_extract({{ url }}, '^[a-zA-Z][a-zA-Z0-9+.-]*://([^/?#@]*@)?([^/:?#@]+)', 2)
            ),
            '^www[.]',
            ''
        ),
        ''
    )
{%- endmacro %}
