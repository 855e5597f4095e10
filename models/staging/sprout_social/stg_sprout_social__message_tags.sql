with
    exported as (select * from {{ stream("sprout_social", "messages") }}),

    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by guid, customer_profile_id order by {{ latest_version_first() }}
                    ) as place
                from exported
                where created_time <= {{ as_of() }}
            )
        where place = 1
    ),

    -- A list of objects, `[{"id": 1}]`, or an object with a list, `{"id": [1]}`.
    entries as (
        select guid, {{ json_rows("tag_ids") }} as entry
        from latest

        union all

        select guid, {{ json_rows(json_text("tag_ids", "'$.id'")) }} as entry
        from latest
    ),

    -- An export for one group of profiles knows the tags of that group only; all of them count.
    named as (
        select distinct
            guid as message_id, coalesce({{ json_text("entry", "'$.id'") }}, entry) as tag_id
        from entries
        where entry is not null
    ),

    final as (
        select {{ surrogate_key(["message_id", "tag_id"]) }} as message_tag_key, message_id, tag_id
        from named
    )

select *
from final
