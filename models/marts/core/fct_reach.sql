with
    windows as (select * from {{ ref("int_profile_reach") }}),

    definitions as (select * from {{ ref("metric_definitions") }} where metric = 'reach'),

    days as (select distinct network, window_end_on from windows),

    versions as (
        select
            days.network,
            days.window_end_on,
            max_by(definitions.definition_version, definitions.valid_from_on) as definition_version
        from days
        inner join
            definitions
            on definitions.network = days.network
            and definitions.valid_from_on <= days.window_end_on
        group by days.network, days.window_end_on
    ),

    final as (
        select
            windows.reach_key,
            windows.profile_key,

            windows.window_days,
            windows.window_end_on,
            windows.day_zone,

            windows.network,
            windows.kind,
            versions.definition_version,
            windows.source,

            windows.reach
        from windows
        left join
            versions
            on versions.network = windows.network
            and versions.window_end_on = windows.window_end_on
    )

select *
from final
