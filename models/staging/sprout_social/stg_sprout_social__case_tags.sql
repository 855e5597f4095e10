with
    exported as (select * from {{ stream("sprout_social", "cases") }}),

    one_row_an_export as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by case_id, _exported_at order by {{ latest_version_first() }}
                    ) as place
                from exported
                where _exported_at <= {{ as_of() }} or not _exported_at_is_known
            )
        where place = 1
    ),

    listed as (
        select case_id, _exported_at, created_time, {{ json_rows("tags") }} as tag
        from one_row_an_export
    ),

    read as (
        select
            case_id,
            _exported_at,
            coalesce({{ json_text("tag", "'$.tag_id'") }}, tag) as tag_id,
            try_cast({{ json_text("tag", "'$.updated_time'") }} as timestamp) as stated_at,
            created_time,
            {{ json_text("tag", "'$.updated_by'") }} as actor
        from listed
    ),

    -- A tag without a time of its own counts from the beginning of its case.
    final as (
        select {{ all_but("place") }}
        from
            (
                select
                    {{ surrogate_key(["case_id", "tag_id", "_exported_at"]) }}
                    as case_tag_export_key,
                    case_id,
                    tag_id,

                    _exported_at as exported_at,
                    coalesce(stated_at, created_time, _exported_at) as tagged_at,

                    {{ sprout_person("actor") }} as agent_id,
                    {{ sprout_is_rule("actor") }} as is_automatic,
                    row_number() over (
                        partition by case_id, tag_id, _exported_at
                        order by stated_at desc nulls last, coalesce(actor, '')
                    ) as place
                from read
            )
        where place = 1
    )

select *
from final
