with
    exported as (select * from {{ stream("sparkcentral", "users") }}),

    -- Every export is kept: a change of team is only visible as a difference between two of them,
    -- and who left is in earlier ones.
    one_row_an_export as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by user_id, _exported_at order by {{ latest_version_first() }}
                    ) as place
                from exported
                where _exported_at <= {{ as_of() }} or not _exported_at_is_known
            )
        where place = 1
    ),

    final as (
        select
            {{ surrogate_key(["user_id", "_exported_at"]) }} as user_export_key,
            user_id as agent_id,
            _exported_at as exported_at,
            name as agent_name,
            team,
            role,
            coalesce(active, true) as is_active
        from one_row_an_export
    )

select *
from final
