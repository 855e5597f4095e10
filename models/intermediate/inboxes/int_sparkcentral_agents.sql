with
    users as (select * from {{ ref("stg_sparkcentral__users") }}),

    final as (
        select 'sparkcentral' as source, agent_id, agent_name, role, team, exported_at from users
    )

select *
from final
