with
    rules as (select * from {{ ref("channel_rules") }}),

    named as (
        select channel_group, min(rule_order) as rule_order
        from rules
        group by channel_group

        union all

        select *
        from
            (values ('Unassigned', 9000), ('Unattributed', 9010)) as others(
                channel_group, rule_order
            )
    ),

    final as (
        select
            channel_group,
            cast(rule_order as bigint) as display_order,
            channel_group like 'Paid%' or channel_group in ('Display', 'Cross-network') as is_paid,
            channel_group in ('Organic Social', 'Paid Social') as is_social
        from named
    )

select *
from final
