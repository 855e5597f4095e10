with
    agents as (select * from {{ ref("stg_ringcentral_engage__agents") }}),

    final as (
        select 'ringcentral_engage' as source, agent_id, agent_name, role, team, exported_at
        from agents
    )

select *
from final
