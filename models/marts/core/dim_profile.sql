with
    profiles as (select * from {{ ref("int_profiles") }}),

    final as (
        select
            profile_key,
            source,
            network,
            profile_name,
            product,
            calendar_id,
            support_status,
            listens,
            is_described
        from profiles
    )

select *
from final
