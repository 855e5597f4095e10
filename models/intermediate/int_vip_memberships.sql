with
    members as (select * from {{ ref("stg_vip__members") }}),

    network_aliases as (select * from {{ ref("network_aliases") }}),

    -- Days are the company's own; the last day belongs to the membership. No first day means from
    -- ever, no last day means still.
    dated as (
        select
            coalesce(network_aliases.network, members.network_word) as network,
            members.native_contact_id,
            lower(members.list_name) as list_id,
            min(members.list_name) over (partition by lower(members.list_name)) as list_name,
            case
                when members.valid_from_on is null
                then cast('1900-01-01 00:00:00' as timestamp)
                else {{ reporting_day_start("members.valid_from_on") }}
            end as valid_from_at,
            case
                when members.valid_to_on is null
                then {{ far_future() }}
                else {{ reporting_day_start(add_days("members.valid_to_on", 1)) }}
            end as ends_at
        from members
        left join network_aliases on network_aliases.alias = members.network_word
    ),

    -- A membership that ends before it begins never was.
    reached as (
        select
            *,
            max(ends_at) over (
                partition by network, native_contact_id, list_id
                order by valid_from_at, ends_at
                rows between unbounded preceding and 1 preceding
            ) as reached_at
        from dated
        where valid_from_at < ends_at
    ),

    -- What overlaps or touches is one membership.
    numbered as (
        select
            *,
            sum(case when reached_at >= valid_from_at then 0 else 1 end) over (
                partition by network, native_contact_id, list_id
                order by valid_from_at, ends_at
                rows between unbounded preceding and current row
            ) as membership_number
        from reached
    ),

    merged as (
        select
            network,
            native_contact_id,
            list_id,
            min(list_name) as list_name,
            min(valid_from_at) as valid_from_at,
            nullif(max(ends_at), {{ far_future() }}) as valid_to_at
        from numbered
        group by network, native_contact_id, list_id, membership_number
    ),

    final as (
        select
            {{ surrogate_key(["network", "native_contact_id", "list_id", "valid_from_at"]) }}
            as contact_vip_key,
            {{ surrogate_key(["network", "native_contact_id"]) }} as contact_key,

            list_name,

            valid_from_at,
            valid_to_at
        from merged
    )

select *
from final
