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
                        "is_source": true,
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
                        "is_source": false,
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
{#- Leaves the state of this node: `all`, or `some` with the rows that went and those that came, in `_copies` -1 and 1. -#}
{% macro note_change(state, rows=none) -%}
    {%- if rows is not none -%}
        {%- call statement("note") -%}
            create or replace table delta.{{ model.schema }}__{{ model.alias }} as {{ rows }}
        {%- endcall -%}
    {%- endif -%}
    {%- call statement("state") -%}
        insert into delta.states values ('{{ model.unique_id }}', '{{ state }}')
    {%- endcall -%}
{%- endmacro %}
