with
    sla_policies as (select * from {{ ref("sla_policies") }}),

    final as (
        select
            policy_id as sla_policy_id,
            metric,
            network,
            message_type,
            visibility,
            priority,
            vip,
            target_s,
            {{ sla_warning_s() }} as warning_s,
            clock,
            pauses,
            valid_from_on,
            valid_to_on,
            note
        from sla_policies
    )

select *
from final
