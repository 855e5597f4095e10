{#- A changed row is nothing to a model that does not read what changed in it: the hours an open conversation has been open
    tell nothing of who answered it.

    A column counts as read when its name is a word of the model's SQL or of its `recompute`, or a column of its table
    (which `select *` may have handed through). Of the changed rows of an input those are left out that, in the columns
    read, came as often as they went; an input of which none is left has not changed. Takes such inputs out of `states`,
    and points `inputs` to the rows that are left. -#}
{% macro leave_out_unread(target, inputs, states, recompute) -%}
    {%- set told = compiled_code ~ " " ~ recompute -%}
    {%- set handed_on = columns_of(target) -%}
    {%- for name in states.keys() | list if states[name] == "some" and not inputs[name].is_source -%}
        {%- set input = inputs[name] -%}
        {%- set unread = [] -%}
        {%- for column in columns_of(input.changed) if column != "_copies" -%}
            {%- if column not in handed_on and not modules.re.search(
                "\\b" ~ column ~ "\\b", told
            ) -%}
                {%- do unread.append(column) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if unread -%}
            {%- set rows = adapter.quote(model.alias ~ "__of__" ~ name) -%}
            {%- call statement("unread") -%}
                create or replace temp table {{ rows }} as
                select * exclude (_copies, {{ unread | join(", ") }}), sum(_copies) as _copies
                from {{ input.changed }}
                group by all
                having sum(_copies) <> 0
            {%- endcall -%}
            {%- if run_query("select exists (from temp." ~ rows ~ ")").rows[0][0] -%}
                {%- do input.update({"changed": "temp." ~ rows}) -%}
            {%- else -%} {%- do states.pop(name) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}
{#- Names of the columns of a relation. -#}
{% macro columns_of(relation) -%}
    {{ return(run_query("select * from " ~ relation ~ " limit 0").column_names) }}
{%- endmacro %}
