with
    exported as (select * from {{ stream("zendesk", "tickets") }}),

    audits as (
        select
            ticket_id,
            _exported_at,
            _source_file,
            _file_sha256,
            _source_row,
            {{ json_rows("audits") }} as audit_json
        from exported
        where audits is not null
    ),

    events as (
        select
            *,
            {{ json_text("audit_json", "'$.id'") }} as audit_id,
            try_cast({{ json_text("audit_json", "'$.created_at'") }} as timestamp) as event_at,
            {{ json_rows(json_text("audit_json", "'$.events'")) }} as event_json
        from audits
    ),

    read as (
        select
            *,
            audit_id
            || ':'
            || coalesce(
                {{ json_text("event_json", "'$.id'") }},
                {{ json_text("event_json", "'$.field_name'") }},
                {{ json_text("event_json", "'$.type'") }}
            ) as event_id
        from events
    ),

    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by ticket_id, event_id order by {{ latest_version_first() }}
                    ) as place
                from read
                where event_at <= {{ as_of() }} and event_id is not null
            )
        where place = 1
    ),

    final as (
        select
            event_id,
            audit_id,
            ticket_id,

            event_at,

            nullif({{ json_text("audit_json", "'$.author_id'") }}, '-1') as author_id,
            -- A trigger, an automation or the system, whoever set it off.
            coalesce({{ json_text("audit_json", "'$.author_id'") }} = '-1', false)
            or coalesce(
                lower(
                    coalesce(
                        {{ json_text("event_json", "'$.channel'") }},
                        {{ json_text("audit_json", "'$.channel'") }}
                    )
                )
                in ('rule', 'system', 'batch', 'closed_ticket'),
                false
            ) as is_automatic,
            {{ json_text("event_json", "'$.type'") }} as event_word,
            {{ json_text("event_json", "'$.field_name'") }} as field_name,
            {{ json_text("event_json", "'$.value'") }} as new_value,
            {{ json_text("event_json", "'$.previous_value'") }} as old_value,
            {{ json_text("event_json", "'$.macro_id'") }} as macro_id
        from latest
    )

select *
from final
