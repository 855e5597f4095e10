{#- Recomputing the units that changed rows touch: read what they need, make their rows, put those
    that differ in place of the old. -#}
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
            {%- do told.append(
                "select " ~ touch | join(", ") ~ " from " ~ inputs[name].changed
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if asks_clock and recompute.ripens != "never" -%}
        {%- for ripens in (
            [recompute.ripens] if recompute.ripens is string else recompute.ripens
        ) -%}
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
                {%- set view = adapter.quote(model.alias ~ "__needed__" ~ name) -%}
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
            insert into {{ fresh }} by name
            select made.* from ({{ with_imports_in_place(code.text) }}) as made
            semi join {{ touched }} as touched using ({{ units }});
            create or replace temp table {{ adapter.quote(model.alias ~ "__kept") }} as
            select kept.*, kept.rowid as target_row, hash(kept) as row_hash
            from {{ target }} as kept
            semi join {{ touched }} as touched using ({{ units }})
        {%- endcall -%}
        {%- do replace_rows(
            target,
            kept,
            fresh,
            "select * exclude (target_row, row_hash) from " ~ kept ~ " where row_hash",
        ) -%}
        {%- call statement("forget") -%}
            drop table {{ fresh }};
            drop table {{ kept }}
        {%- endcall -%}
    {%- endif -%}
    {%- call statement("forget_touched") -%} drop table {{ touched }}
    {%- endcall -%}
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
    {%- for name, input in inputs.items() -%}
        {%- do names.update({name: input.relation}) -%}
    {%- endfor -%}
    {%- set text = namespace(text=text) -%}
    {%- for name, relation in names.items() if relation is not none -%}
        {%- set text.text = text.text | replace("{" ~ name ~ "}", relation) -%}
    {%- endfor -%}
    {{ return(text.text) }}
{%- endmacro %}
