with
    exports as (select * from {{ ref("int_agent_exports_unioned") }}),

    compared as (
        select
            *,
            lag(agent_export_key) over (
                partition by agent_key order by exported_at
            ) as previous_export_key,
            lag(team) over (partition by agent_key order by exported_at) as previous_team,
            lag(agent_name) over (partition by agent_key order by exported_at) as previous_name
        from exports
    ),

    -- The first known version holds from ever: an agent worked before the first export that lists
    -- them. Who left is in no later export and keeps the last team known.
    changes as (
        select
            agent_key,
            source,
            agent_id,
            agent_name,
            role,
            team,
            case
                when previous_export_key is null
                then cast('1900-01-01 00:00:00' as timestamp)
                else exported_at
            end as valid_from_at
        from compared
        where
            previous_export_key is null
            or coalesce(team, '') <> coalesce(previous_team, '')
            or coalesce(agent_name, '') <> coalesce(previous_name, '')
    ),

    final as (
        select
            {{ surrogate_key(["source", "agent_id", "valid_from_at"]) }} as agent_version_key,
            agent_key,
            source,
            agent_id,
            agent_name,
            role,
            team,
            valid_from_at,
            lead(valid_from_at) over (partition by agent_key order by valid_from_at) as valid_to_at
        from changes
    )

select *
from final
