with
    profiles as (select * from {{ ref("dim_profile") }} where source = network),

    counted as (
        select
            *,
            count(*) over (partition by profile_name) as namesakes,
            count(*) over (partition by profile_name, network) as namesakes_on_network
        from profiles
    ),

    -- Two profiles of one name are told apart: added up under it, their reach would be a number of
    -- nobody.
    final as (
        select
            profile_key,
            network,
            product,
            case
                when namesakes = 1
                then profile_name
                when namesakes_on_network = 1
                then profile_name || ' (' || network || ')'
                else profile_name || ' (' || network || ' ' || left(profile_key, 6) || ')'
            end as profile_name
        from counted
    )

select *
from final
