with
    described as (select * from {{ ref("networks") }}),

    profiles as (select * from {{ ref("int_profiles") }}),

    messages as (select * from {{ ref("int_messages_unioned") }}),

    sessions as (select * from {{ ref("int_web_sessions_classified") }}),

    answers as (select * from {{ ref("int_survey_answers") }}),

    mentions as (select * from {{ ref("int_mentions") }}),

    found as (
        select network
        from described
        union
        select network
        from profiles
        union
        select network
        from messages
        union
        select network
        from sessions
        union
        select network
        from answers
        union
        select network
        from mentions
    ),

    -- A network that nobody has described yet is active and social until somebody says otherwise.
    final as (
        select
            found.network,
            coalesce(described.name, found.network) as network_name,
            coalesce(described.is_active, true) as is_active,
            described.retired_on,
            coalesce(described.is_social, true) as is_social,
            described.network is not null as is_described
        from found
        left join described on described.network = found.network
        where found.network is not null
    )

select *
from final
