with
    definitions as (select * from {{ ref("metric_definitions") }}),

    measured as (select * from {{ ref("kpi_metrics") }}),

    posts as (select * from {{ ref("dim_post") }}),

    profile_days as (select * from {{ ref("int_profile_days") }}),

    reach as (select * from {{ ref("fct_reach") }}),

    profiles as (select * from {{ ref("kpi_profile_names") }}),

    used as (
        select network
        from posts
        union
        select network
        from profile_days
        union
        select network
        from reach
    ),

    -- The first version of a metric is no change of it.
    changed as (
        select
            definitions.network,
            definitions.metric,
            definitions.valid_from_on as changed_on,
            lag(definitions.valid_from_on) over (
                partition by definitions.network, definitions.metric
                order by definitions.valid_from_on
            ) as valid_before_on
        from definitions
        inner join used on used.network = definitions.network
    ),

    breaks as (
        select distinct measured.kpi_id, changed.network, changed.changed_on
        from changed
        inner join measured on measured.metric = changed.metric
        where changed.valid_before_on is not null
    ),

    sliced as (
        select kpi_id, 'overall' as slice_kind, 'all' as slice_value, changed_on
        from breaks

        union

        select kpi_id, 'network' as slice_kind, network as slice_value, changed_on
        from breaks

        union

        select
            breaks.kpi_id,
            'profile' as slice_kind,
            profiles.profile_name as slice_value,
            breaks.changed_on
        from breaks
        inner join profiles on profiles.network = breaks.network
    ),

    final as (
        select
            {{ surrogate_key(["kpi_id", "slice_kind", "slice_value", "changed_on"]) }}
            as definition_break_key,
            kpi_id,
            slice_kind,
            slice_value,
            changed_on
        from sliced
    )

select *
from final
