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
                                             on `needed`; it may hold rows of other units, which are not made anew
        ripens: select …                     units whose rows the clock alone changes between `{previous_as_of}` and
                                             `{as_of}`; asked for where the SQL names the as-of

    An input that is not named touches everything: the model is rebuilt. Where only columns changed that the model does not
    read, nothing has changed for it: `unread.sql`. -#}
{% macro build_by_delta(target) -%}
    {%- set inputs = inputs_of_model() -%}
    {%- set states = states_of(inputs) -%}
    {%- set recompute = model.config.meta.get("recompute") -%}
    {%- if states -%} {%- do leave_out_unread(target, inputs, states, recompute) -%} {%- endif -%}
    {%- set asks_clock = as_of() in compiled_code and var("previous_as_of") != var("as_of") -%}
    {%- if not states and not asks_clock -%} {%- call statement("main") -%} select 1 {%- endcall -%}
    {%- elif recompute is none or needs_rebuild(recompute, inputs, states, asks_clock) -%}
        {%- do rebuild_and_compare(target) -%}
    {%- else -%} {%- do recompute_units(target, recompute, inputs, states, asks_clock) -%}
    {%- endif -%}
{%- endmacro %}
{#- Whether something changed that touches all units, or that cannot tell which. -#}
{% macro needs_rebuild(recompute, inputs, states, asks_clock) -%}
    {%- for name in recompute.inputs if name not in inputs -%}
        {%- do exceptions.raise_compiler_error(
            model.name
            ~ ": recompute names the input "
            ~ name
            ~ ", which the model does not read"
        ) -%}
    {%- endfor -%}
    {%- set found = [] -%}
    {%- for name, state in states.items() if state == "all" or name not in recompute.inputs -%}
        {%- do found.append(name) -%}
    {%- endfor -%}
    {{ return(found or (asks_clock and recompute.get("ripens") is none)) }}
{%- endmacro %}
