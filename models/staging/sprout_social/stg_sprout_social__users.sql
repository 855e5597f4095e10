with
    exported as (select * from {{ stream("sprout_social", "metadata") }}),

    -- Every list is kept: who left is in no later one, and a change of team is a difference.
    one_row_an_export as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by id, _exported_at order by {{ latest_version_first() }}
                    ) as place
                from exported
                where kind = 'user' and (_exported_at <= {{ as_of() }} or not _exported_at_is_known)
            )
        where place = 1
    ),

    final as (
        select
            {{ surrogate_key(["id", "_exported_at"]) }} as user_export_key,
            id as agent_id,
            _exported_at as exported_at,
            name as agent_name,
            team,
            role
        from one_row_an_export
    )

select *
from final
