with
    exported as (select * from {{ stream("sprout_social", "metadata") }}),

    -- A deleted tag is in no later list and keeps its last name.
    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by id order by {{ latest_version_first() }}
                    ) as place
                from exported
                where kind = 'tag' and (_exported_at <= {{ as_of() }} or not _exported_at_is_known)
            )
        where place = 1
    ),

    -- Lists of tags are divided by commas.
    final as (
        select
            id as tag_id,
            replace(coalesce(text, name), ',', ' ') as tag_name,
            lower(type) as tag_type,
            coalesce(active, true) as is_active,
            _exported_at as exported_at
        from latest
    )

select *
from final
