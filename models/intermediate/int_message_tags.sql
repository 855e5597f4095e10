with
    messages as (select * from {{ ref("int_messages_collected") }}),

    tags as (select * from {{ ref("tags") }}),

    split as (
        select message_key, {{ split_rows("tags_text", "','") }} as tag_text
        from messages
        where tags_text is not null
    ),

    cleaned as (
        select distinct message_key, lower(trim(tag_text)) as tag
        from split
        where trim(tag_text) <> ''
    ),

    -- A tag nobody has described yet is kept under its own name and counts in no KPI.
    final as (
        select
            cleaned.message_key,
            cleaned.tag,
            coalesce(tags.kind, 'other') as tag_kind,
            coalesce(tags.value, cleaned.tag) as tag_value
        from cleaned
        left join tags on tags.tag = cleaned.tag
    )

select *
from final
