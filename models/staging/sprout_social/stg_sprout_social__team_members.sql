with
    exported as (select * from {{ stream("sprout_social", "metadata") }}),

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
                where kind = 'team' and (_exported_at <= {{ as_of() }} or not _exported_at_is_known)
            )
        where place = 1
    ),

    listed as (
        select id, _exported_at, name, {{ json_rows("user_ids") }} as member from one_row_an_export
    ),

    named as (
        select distinct
            id as team_id,
            _exported_at as exported_at,
            coalesce({{ json_text("member", "'$.id'") }}, member) as agent_id,
            name as team
        from listed
    ),

    final as (
        select
            {{ surrogate_key(["team_id", "agent_id", "exported_at"]) }} as team_member_key,
            team_id,
            exported_at,
            agent_id,
            team
        from named
    )

select *
from final
