with
    exported as (select * from {{ stream("ringcentral_engage", "agents") }}),

    -- Every export is kept: a change of team is only visible as a difference between two of them.
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
                where _exported_at <= {{ as_of() }} or not _exported_at_is_known
            )
        where place = 1
    ),

    final as (
        select
            {{ surrogate_key(["id", "_exported_at"]) }} as agent_export_key,
            id as agent_id,
            _exported_at as exported_at,
            coalesce(name, nullif(concat_ws(' ', firstname, lastname), '')) as agent_name,
            -- Who is in several teams counts in the one that is listed first.
            trim({{ regex_group("team", "'^[ ,]*([^,]+)'") }}) as team,
            role,
            coalesce(enabled, true) as is_enabled,
            created_at
        from one_row_an_export
    )

select *
from final
