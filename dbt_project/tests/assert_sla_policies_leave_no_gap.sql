-- Detects cases without a promise between policies that are about them: one had begun before, none
-- was in force. A returned row is such a gap: what was promised until then, and the cases in it.
{{ config(severity="warn") }}

with
    subjects as (select * from {{ ref("int_sla_subjects") }}),

    instances as (select * from {{ ref("int_sla_instances") }}),

    policies as (select * from {{ ref("sla_policies") }}),

    unpromised as (
        select subjects.*
        from subjects
        left join instances on instances.sla_key = subjects.sla_key
        where instances.sla_key is null
    )

select
    policies.policy_id,
    policies.valid_to_on,
    min(unpromised.started_on) as first_on,
    max(unpromised.started_on) as last_on,
    count(*) as cases
from unpromised
inner join
    policies
    on {{ sla_concerns("policies", "unpromised") }}
    and policies.valid_from_on <= unpromised.started_on
group by policies.policy_id, policies.valid_to_on
