with
    profiles as (select * from {{ ref("stg_sprout_social__profiles") }}),

    network_aliases as (select * from {{ ref("network_aliases") }}),

    placed as (
        select profiles.*, coalesce(network_aliases.network, profiles.network_word) as network
        from profiles
        left join network_aliases on network_aliases.alias = profiles.network_word
    ),

    -- Where a network has handles, the handle is what its own exports call a profile by; elsewhere
    -- it is the network's id.
    final as (
        select
            profile_id as customer_profile_id,
            network,
            coalesce(
                case
                    when
                        network in (
                            'facebook',
                            'linkedin',
                            'youtube',
                            'google_business',
                            'app_store',
                            'google_play'
                        )
                    then native_profile_id
                    when native_name not like '% %'
                    then native_name
                end,
                lower(native_profile_id),
                native_name,
                'sprout:' || profile_id
            ) as profile_id,
            profile_name
        from placed
    )

select *
from final
