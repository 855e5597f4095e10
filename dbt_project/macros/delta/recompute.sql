{#- Building by delta: a table is a function of its SQL and of its inputs, so it changes only where these do.

    Every node of a run leaves a state in `delta.states` when it has changed: `some`, with the rows that went and the rows
    that came in a table of schema `delta`, or `all`, when nobody counted. No state means: as it was.

    A model that says nothing is rebuilt when an input has changed, or when its SQL names the as-of and that has moved;
    the result is compared with what was there, so that what follows is spared where nothing came of it. A model with
    `meta.recompute` in its YAML recomputes the keys it is told to:

        by: [thread_key]                     columns that name a unit; all rows of a unit are made from its inputs at once
        inputs:
            int_messages: [thread_key]       the unit's columns in an input: a changed row touches its unit, and a unit
                                             needs those of its own rows only
            int_tags:                        or apart:
                touch: select …              units that changed rows touch; `{changed}` stands for the rows,
                                             `{model}` for any input, `{this}` for the table itself
                read: all                    what a unit needs: `all`, columns as above, or a condition with `{touched}`
        ripens: select …                     units whose rows the clock alone changes between `{previous_as_of}` and
                                             `{as_of}`; asked for where the SQL names the as-of

    An input that is not named touches everything: the model is rebuilt. -#}
{% macro build_by_delta(target) -%}
    {%- set inputs = inputs_of_model() -%}
    {%- set states = states_of(inputs) -%}
    {%- set recompute = model.config.meta.get("recompute") -%}
    {%- set asks_clock = as_of() in compiled_code and var("previous_as_of") != var("as_of") -%}
    {%- if not states and not asks_clock -%}
        {%- call statement("main") -%} select 1 {%- endcall -%}
    {%- elif recompute is none or needs_rebuild(recompute, inputs, states, asks_clock) -%}
        {%- do rebuild_and_compare(target) -%}
    {%- else -%}
        {%- do recompute_units(target, recompute, inputs, states, asks_clock) -%}
    {%- endif -%}
{%- endmacro %}

{#- Name of each input → its id, its relation as it is written in the SQL, and the table of its changed rows. -#}
{% macro inputs_of_model() -%}
    {%- set inputs = {} -%}
    {%- for id in model.depends_on.nodes -%}
        {%- if id.startswith("source.") -%}
            {%- set node = graph.sources[id] -%}
            {%- do inputs.update({
                node.source_name ~ "." ~ node.name: {
                    "id": id,
                    "relation": source(node.source_name, node.name) | string,
                    "changed": "delta.source__" ~ node.source_name ~ "__" ~ node.name,
                }
            }) -%}
        {%- else -%}
            {%- set node = graph.nodes[id] -%}
            {%- do inputs.update({
                node.name: {
                    "id": id,
                    "relation": node.relation_name,
                    "changed": "delta." ~ node.schema ~ "__" ~ node.alias,
                }
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(inputs) }}
{%- endmacro %}

{#- State of those inputs that have changed in this run, by name. -#}
{% macro states_of(inputs) -%}
    {%- set states = {} -%}
    {%- if inputs -%}
        {%- set ids = inputs.values() | map(attribute="id") | join("', '") -%}
        {%- set found = run_query("select node_id, state from delta.states where node_id in ('" ~ ids ~ "')") -%}
        {%- set by_id = dict(found.rows | map("list")) -%}
        {%- for name, input in inputs.items() if input.id in by_id -%}
            {%- do states.update({name: by_id[input.id]}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(states) }}
{%- endmacro %}

{#- Whether something changed that touches all units, or that cannot tell which. -#}
{% macro needs_rebuild(recompute, inputs, states, asks_clock) -%}
    {%- for name in recompute.inputs if name not in inputs -%}
        {%- do exceptions.raise_compiler_error(
            model.name ~ ": recompute names the input " ~ name ~ ", which the model does not read"
        ) -%}
    {%- endfor -%}
    {%- set found = [] -%}
    {%- for name, state in states.items() if state == "all" or name not in recompute.inputs -%}
        {%- do found.append(name) -%}
    {%- endfor -%}
    {{ return(found or (asks_clock and not recompute.ripens)) }}
{%- endmacro %}

{% macro rebuild_and_compare(target) -%}
    {%- set fresh = "temp." ~ adapter.quote(model.alias ~ "__fresh") -%}
    {%- call statement("main") -%}
        create or replace temp table {{ adapter.quote(model.alias ~ "__fresh") }} as
        select * from {{ target }} limit 0;
        insert into {{ fresh }} by name ({{ compiled_code }})
    {%- endcall -%}
    {%- set same -%}
        select
            (select (count(*), sum(hash(fresh)::hugeint)) from {{ fresh }} as fresh)
            = (select (count(*), sum(hash(kept)::hugeint)) from {{ target }} as kept)
    {%- endset -%}
    {%- if not run_query(same).rows[0][0] -%}
        {%- if model.unique_id in var("changed_rows_wanted") -%}
            {%- do note_change("some", target ~ " as kept", fresh ~ " as fresh") -%}
        {%- else -%} {%- do note_change("all") -%}
        {%- endif -%}
        {%- call statement("replace") -%}
            delete from {{ target }};
            insert into {{ target }} by name select * from {{ fresh }}
        {%- endcall -%}
    {%- endif -%}
    {%- call statement("forget") -%} drop table {{ fresh }} {%- endcall -%}
{%- endmacro %}

{% macro recompute_units(target, recompute, inputs, states, asks_clock) -%}
    {%- set touched = "temp." ~ adapter.quote(model.alias ~ "__touched") -%}
    {%- set fresh = "temp." ~ adapter.quote(model.alias ~ "__fresh") -%}
    {%- set kept = "temp." ~ adapter.quote(model.alias ~ "__kept") -%}
    {%- set units = recompute.by | join(", ") -%}
    {%- set told = [] -%}
    {%- for name in states -%}
        {%- set input = recompute.inputs[name] -%}
        {%- set touch = input.touch if input is mapping else input -%}
        {%- if touch is string -%}
            {%- do told.append(filled(touch, target, inputs, inputs[name].changed)) -%}
        {%- else -%}
            {%- do told.append("select " ~ touch | join(", ") ~ " from " ~ inputs[name].changed) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if asks_clock and recompute.ripens -%}
        {%- for ripens in ([recompute.ripens] if recompute.ripens is string else recompute.ripens) -%}
            {%- do told.append(filled(ripens, target, inputs)) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- call statement("touched") -%}
        create or replace temp table {{ adapter.quote(model.alias ~ "__touched") }} as
        select distinct {{ units }}
        from ({{ told | join(" union all ") }}) as told({{ units }})
    {%- endcall -%}
    {%- if not run_query("select exists (from " ~ touched ~ ")").rows[0][0] -%}
        {%- call statement("main") -%} select 1 {%- endcall -%}
    {%- else -%}
        {%- set code = namespace(text=compiled_code) -%}
        {%- for name, input in recompute.inputs.items() -%}
            {%- set read = input.read if input is mapping else input -%}
            {%- if read != "all" -%}
                {%- set view = adapter.quote(inputs[name].changed | replace("delta.", "of_")) -%}
                {%- set condition -%}
                    {%- if read is string -%} where {{ filled(read, target, inputs, none, touched) }}
                    {%- else -%}
                        semi join {{ touched }} as touched
                        on {% for column in read -%}
                            needed.{{ column }} = touched.{{ recompute.by[loop.index0] }}
                            {%- if not loop.last %} and {% endif %}
                        {%- endfor -%}
                    {%- endif -%}
                {%- endset -%}
                {%- call statement("read") -%}
                    create or replace temp view {{ view }} as
                    select needed.* from {{ inputs[name].relation }} as needed {{ condition }}
                {%- endcall -%}
                {%- set code.text = code.text | replace(inputs[name].relation, "temp." ~ view) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- call statement("main") -%}
            create or replace temp table {{ adapter.quote(model.alias ~ "__fresh") }} as
            select * from {{ target }} limit 0;
            insert into {{ fresh }} by name ({{ code.text }});
            create or replace temp table {{ adapter.quote(model.alias ~ "__kept") }} as
            select kept.* from {{ target }} as kept
            semi join {{ touched }} as touched using ({{ units }})
        {%- endcall -%}
        {%- if note_change("some", kept ~ " as kept", fresh ~ " as fresh") -%}
            {%- call statement("replace") -%}
                delete from {{ target }} as kept using {{ touched }} as touched
                where {% for column in recompute.by -%}
                    kept.{{ column }} = touched.{{ column }} {%- if not loop.last %} and {% endif %}
                {%- endfor %};
                insert into {{ target }} by name select * from {{ fresh }}
            {%- endcall -%}
        {%- endif -%}
        {%- call statement("forget") -%}
            drop table {{ fresh }};
            drop table {{ kept }}
        {%- endcall -%}
    {%- endif -%}
    {%- call statement("forget_touched") -%} drop table {{ touched }} {%- endcall -%}
{%- endmacro %}

{#- A text of `meta.recompute` with its names in braces replaced by relations and instants. -#}
{% macro filled(text, target, inputs, changed=none, touched=none) -%}
    {%- set names = {
        "this": target | string,
        "changed": changed,
        "touched": touched,
        "as_of": as_of(),
        "previous_as_of": as_of(var("previous_as_of")),
    } -%}
    {%- for name, input in inputs.items() -%} {%- do names.update({name: input.relation}) -%} {%- endfor -%}
    {%- set text = namespace(text=text) -%}
    {%- for name, relation in names.items() if relation is not none -%}
        {%- set text.text = text.text | replace("{" ~ name ~ "}", relation) -%}
    {%- endfor -%}
    {{ return(text.text) }}
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
