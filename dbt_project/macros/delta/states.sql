{#- Name of each input → its id, its relation as it is written in the SQL, and the table of its changed rows. -#}
{% macro inputs_of_model() -%}
    {%- set inputs = {} -%}
    {%- for id in model.depends_on.nodes -%}
        {%- if id.startswith("source.") -%}
            {%- set node = graph.sources[id] -%}
            {%- do inputs.update(
                {
                    node.source_name
                    ~ "."
                    ~ node.name: {
                        "id": id,
                        "relation": source(node.source_name, node.name) | string,
                        "changed": "delta.source__"
                        ~ node.source_name
                        ~ "__"
                        ~ node.name,
                    }
                }
            ) -%}
        {%- else -%}
            {%- set node = graph.nodes[id] -%}
            {%- do inputs.update(
                {
                    node.name: {
                        "id": id,
                        "relation": node.relation_name,
                        "changed": "delta." ~ node.schema ~ "__" ~ node.alias,
                    }
                }
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(inputs) }}
{%- endmacro %}
{#- State of those inputs that have changed in this run, by name. -#}
{% macro states_of(inputs) -%}
    {%- set states = {} -%}
    {%- if inputs -%}
        {%- set ids = inputs.values() | map(attribute="id") | join("', '") -%}
        {%- set found = run_query(
            "select node_id, state from delta.states where node_id in ('" ~ ids ~ "')"
        ) -%}
        {%- set by_id = dict(found.rows | map("list")) -%}
        {%- for name, input in inputs.items() if input.id in by_id -%}
            {%- do states.update({name: by_id[input.id]}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(states) }}
{%- endmacro %}
{#- Leaves the state of this node; of two relations keeps the rows that only one of them has. Returns whether any. -#}
{% macro note_change(state, kept=none, fresh=none) -%}
    {%- if kept is not none -%}
        {%- set changed = "delta." ~ model.schema ~ "__" ~ model.alias -%}
        {%- call statement("note") -%}
            create or replace table {{ changed }} as
            (select * from {{ kept }} except all select * from {{ fresh }})
            union all
            (select * from {{ fresh }} except all select * from {{ kept }})
        {%- endcall -%}
        {%- if not run_query("select exists (from " ~ changed ~ ")").rows[0][0] -%}
            {{ return(false) }}
        {%- endif -%}
    {%- endif -%}
    {%- call statement("state") -%}
        insert into delta.states values ('{{ model.unique_id }}', '{{ state }}')
    {%- endcall -%}
    {{ return(true) }}
{%- endmacro %}
