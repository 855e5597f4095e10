{#- The order in which versions of one row win: the latest export first; equal exports are settled by content of the
    landing file, never by the order of loading. Use inside `row_number() over (partition by … order by …)`. -#}
{% macro latest_version_first() -%}
    _exported_at desc, _source_file desc, _file_sha256 desc, _source_row desc
{%- endmacro %}
