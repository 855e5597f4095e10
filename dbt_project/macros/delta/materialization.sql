{#- How a model becomes a table on DuckDB. A full build replaces the table. A build by delta (variable `build_mode`) leaves
    out what cannot have changed and recomputes the keys that changed rows touch; `recompute.sql` says how. Both end in
    the same rows. dbt's own materialization renames twice and asks the catalog; this drops and creates in one
    transaction. -#}
{% materialization table, adapter = "duckdb", supported_languages = ["sql"] %}
    {%- set target = this.incorporate(type="table") -%}
    {%- set existing = load_cached_relation(this) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if var("build_mode") == "delta" and existing is not none and existing.is_table -%}
        {%- do build_by_delta(target) -%}
    {%- else -%}
        {%- if existing is not none -%} {%- do adapter.drop_relation(existing) -%}
        {%- endif -%}
        {%- call statement("main") -%}
            {{ create_table_as(False, target, with_imports_in_place(compiled_code)) }}
        {%- endcall -%}
        {%- if var("build_mode") == "delta" -%} {%- do note_change("all") -%}
        {%- endif -%}
    {%- endif -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({"relations": [target]}) }}
{% endmaterialization %}
