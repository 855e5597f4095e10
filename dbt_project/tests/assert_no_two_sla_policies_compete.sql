-- Detects two SLA policies that are about the same cases at the same time and name equally many
-- attributes, so that neither is more particular; unless a third, more particular one settles it.
-- A returned row is such a pair.
with
    policies as (
        select *, {{ sla_particularity("sla_policies") }} as particularity
        from {{ ref("sla_policies") }} as sla_policies
    ),

    pairs as (
        select
            one.policy_id,
            other.policy_id as other_policy_id,
            one.metric,
            one.particularity,
            {% for attribute in sla_attributes() %}
                case
                    when one.{{ attribute }} = 'all'
                    then other.{{ attribute }}
                    else one.{{ attribute }}
                end as {{ attribute }},
            {% endfor %}
            greatest(one.valid_from_on, other.valid_from_on) as both_from_on,
            case
                when one.valid_to_on is null
                then other.valid_to_on
                else least(one.valid_to_on, coalesce(other.valid_to_on, one.valid_to_on))
            end as both_to_on
        from policies as one
        inner join
            policies as other
            on other.metric = one.metric
            and other.particularity = one.particularity
            and other.policy_id > one.policy_id
            {% for attribute in sla_attributes() %}
                and (
                    one.{{ attribute }} = other.{{ attribute }}
                    or 'all' in (one.{{ attribute }}, other.{{ attribute }})
                )
            {% endfor %}
    ),

    settled as (
        select pairs.policy_id, pairs.other_policy_id
        from pairs
        inner join
            policies
            on policies.metric = pairs.metric
            and policies.particularity > pairs.particularity
            and policies.valid_from_on <= pairs.both_from_on
            and (
                policies.valid_to_on is null
                or policies.valid_to_on >= coalesce(pairs.both_to_on, date '9999-12-31')
            )
            {% for attribute in sla_attributes() %}
                and policies.{{ attribute }} in (pairs.{{ attribute }}, 'all')
            {% endfor %}
    )

select pairs.*
from pairs
left join
    settled
    on settled.policy_id = pairs.policy_id
    and settled.other_policy_id = pairs.other_policy_id
where
    settled.policy_id is null
    and (pairs.both_to_on is null or pairs.both_from_on < pairs.both_to_on)
