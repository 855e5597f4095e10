with
    subjects as (select * from {{ ref("int_sla_subjects") }}),

    policies as (select *, {{ sla_warning_s() }} as warning_s from {{ ref("sla_policies") }}),

    -- The policy of the day a clock starts holds to its end. Policies as particular as each other
    -- are an error that a test reports; until then the first by name stands.
    final as (
        select {{ all_but("place") }}
        from
            (
                select
                    subjects.*,
                    policies.policy_id,
                    policies.target_s,
                    policies.warning_s as warning_s,
                    policies.clock,
                    policies.pauses,
                    row_number() over (
                        partition by subjects.sla_key
                        order by {{ sla_particularity("policies") }} desc, policies.policy_id
                    ) as place
                from subjects
                inner join
                    policies
                    on {{ sla_concerns("policies", "subjects") }}
                    and {{ sla_is_valid("policies", "subjects.started_on") }}
            )
        where place = 1
    )

select *
from final
