with
    described as (select * from {{ ref("profiles") }}),

    messages as (select * from {{ ref("int_messages_collected") }}),

    posts as (select * from {{ ref("int_posts_described") }}),

    profile_days as (select * from {{ ref("int_profile_days") }}),

    reach as (select * from {{ ref("int_profile_reach") }}),

    network_aliases as (select * from {{ ref("network_aliases") }}),

    -- Whatever tool reports about posts and days of a profile names it by its network.
    audience as (
        select network as source, profile_id, max(profile_name) as profile_name
        from
            (
                select network, profile_id, profile_name
                from posts
                union all
                select network, profile_id, profile_name
                from profile_days
                union all
                select network, profile_id, profile_name
                from reach
            ) as told
        group by network, profile_id
    ),

    -- What tools say about the profiles connected to them.
    connected as (
        select 'ringcentral_engage' as source, profile_id, profile_name, network_word
        from {{ ref("stg_ringcentral_engage__sources") }}

        union all

        select 'sprout_social' as source, profile_id, profile_name, network_word
        from {{ ref("stg_sprout_social__profiles") }}

        union all

        select source, profile_id, profile_name, source as network_word
        from audience
    ),

    exported as (
        select source, profile_id, min(network) as network
        from messages
        group by source, profile_id

        union all

        select
            connected.source,
            connected.profile_id,
            coalesce(network_aliases.network, connected.network_word) as network
        from connected
        left join network_aliases on network_aliases.alias = connected.network_word
    ),

    -- Handles are written in any case; a profile nobody has exported yet keeps the spelling of its
    -- description.
    found as (
        select *
        from exported

        union all

        select described.source, described.profile_id, described.network
        from described
        left join
            (select distinct source, lower(profile_id) as lower_id from exported) as spelled
            on spelled.source = described.source
            and spelled.lower_id = lower(described.profile_id)
        where spelled.lower_id is null
    ),

    each_once as (
        select source, profile_id, min(network) as network
        from found
        where profile_id is not null
        group by source, profile_id
    ),

    -- A profile that nobody has described is supported, is open round the clock and is spoken to.
    final as (
        select
            {{ surrogate_key(["each_once.source", "each_once.profile_id"]) }} as profile_key,
            each_once.source,
            each_once.profile_id,
            coalesce(described.network, each_once.network) as network,
            coalesce(
                described.profile_name, connected.profile_name, each_once.profile_id
            ) as profile_name,
            described.product,
            coalesce(described.calendar_id, 'always_open') as calendar_id,
            coalesce(described.support_status, 'active') as support_status,
            coalesce(described.listens, false) as listens,
            described.profile_id is not null as is_described
        from each_once
        left join
            described
            on described.source = each_once.source
            and lower(described.profile_id) = lower(each_once.profile_id)
        left join
            connected
            on connected.source = each_once.source
            and connected.profile_id = each_once.profile_id
    )

select *
from final
