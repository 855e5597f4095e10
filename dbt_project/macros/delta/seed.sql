{#- Seeds are part of the project: a build by delta runs on an unchanged project only, so they stand as they are. dbt asks
    every seed for the rows it has loaded: none. -#}
{% materialization seed, adapter = "duckdb" %}
    {%- if var("build_mode") == "delta" and load_cached_relation(this) is not none -%}
        {%- call noop_statement("main", "SELECT 0", "SELECT", 0) -%} select 1 {%- endcall -%}
        {%- do store_result(
            "agate_table", response="OK", agate_table=run_query("select 1 where false")
        ) -%}
        {{ return({"relations": [this.incorporate(type="table")]}) }}
    {%- endif -%}
    {{ return(dbt.materialization_seed_default()) }}
{% endmaterialization %}
