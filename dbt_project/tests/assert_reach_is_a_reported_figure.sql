-- Detects reach that was added up, averaged or otherwise made: reach counts people, and windows,
-- kinds, profiles and networks share them. A returned row is a figure that no network reported for
-- that profile.
with
    reported as (select * from {{ ref("fct_reach") }}),

    profiles as (select * from {{ ref("kpi_profile_names") }}),

    posts as (select * from {{ ref("int_post_snapshots") }}),

    measured as (
        select
            'kpi_values_profiles ' || kpi.kpi_id as place,
            coalesce(profiles.profile_key, 'nobody') as owner_key,
            cast(kpi.value as bigint) as reach
        from {{ ref("kpi_values_profiles") }} as kpi
        left join profiles on profiles.profile_name = kpi.slice_value and kpi.slice_kind = 'profile'
        where kpi.kpi_id like 'K61%'

        union all

        select 'kpi_audience_daily' as place, profile_key as owner_key, day_reach as reach
        from {{ ref("kpi_audience_daily") }}
        where day_reach is not null

        union all

        select 'kpi_posts' as place, post_key as owner_key, reach
        from {{ ref("kpi_posts") }}
        where reach is not null
    ),

    known as (
        select profile_key as owner_key, reach
        from reported
        union
        select post_key as owner_key, reach
        from posts
        where reach is not null
    )

select measured.place, measured.owner_key, measured.reach
from measured
left join known on known.owner_key = measured.owner_key and known.reach = measured.reach
where known.owner_key is null
