with
    snapshots as (select * from {{ ref("stg_sprout_social__cases") }}),

    compared as (
        select
            *,
            row_number() over (partition by case_id order by exported_at) as snapshot_number,
            lag(exported_at) over (
                partition by case_id order by exported_at
            ) as previous_exported_at,
            lag(updated_at) over (partition by case_id order by exported_at) as previous_updated_at,
            lag(last_closed_at) over (
                partition by case_id order by exported_at
            ) as previous_last_closed_at,
            lag(status) over (partition by case_id order by exported_at) as previous_status,
            lag(priority) over (partition by case_id order by exported_at) as previous_priority,
            lag(agent_id) over (partition by case_id order by exported_at) as previous_agent_id
        from snapshots
    ),

    -- A case shows one instant for all that changed since the export before: the latest.
    final as (
        select
            case_export_key,
            case_id,

            exported_at,
            previous_exported_at,
            created_at,
            case
                when
                    updated_at is not null
                    and (previous_updated_at is null or updated_at > previous_updated_at)
                then updated_at
                else exported_at
            end as changed_at,
            last_closed_at,
            previous_last_closed_at,

            agent_id,
            previous_agent_id,
            is_assigned_by_rule,

            snapshot_number = 1 as is_first,
            status,
            -- A case is open when it is made.
            coalesce(previous_status, 'open') as previous_status,
            priority,
            previous_priority,
            last_closed_at is not null
            and (
                previous_last_closed_at is null or last_closed_at > previous_last_closed_at
            ) as has_new_close
        from compared
    )

select *
from final
