with
    sla_policies as (select * from {{ ref("sla_policies") }}),

    final as (
        select
            policy_id as sla_policy_id,
            network,
            first_reply_target_s,
            clock,
            valid_from_on,
            valid_to_on
        from sla_policies
    )

select *
from final
