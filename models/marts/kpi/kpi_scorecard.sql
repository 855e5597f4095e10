{%- set series -%}
    partition by period_kind, kpi_id, slice_kind, slice_value order by period_start_on
{%- endset -%}

with
    definitions as (select * from {{ ref("kpi_definitions") }}),

    targets as (select * from {{ ref("kpi_targets") }} where kind = 'target'),

    periods as (select * from {{ ref("dim_period") }}),

    coverage as (select * from {{ ref("kpi_coverage") }}),

    measured as (
        {% for family in [
            "messages",
            "turns",
            "conversations",
            "backlog",
            "surveys",
            "posts",
            "web",
        ] %}
            select
                period_kind,
                period_start_on,
                kpi_id,
                slice_kind,
                slice_value,
                value,
                numerator,
                denominator,
                n
            from {{ ref("kpi_values_" ~ family) }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    found_slices as (
        select distinct
            definitions.family, measured.kpi_id, measured.slice_kind, measured.slice_value
        from measured
        inner join definitions on definitions.kpi_id = measured.kpi_id
    ),

    -- Every KPI of a family is shown for every slice the family knows; credit by channel group
    -- belongs to its KPIs alone.
    kpi_slices as (
        select definitions.kpi_id, found_slices.slice_kind, found_slices.slice_value
        from definitions
        inner join
            found_slices
            on found_slices.family = definitions.family
            and (
                found_slices.slice_kind <> 'channel_group'
                or found_slices.kpi_id = definitions.kpi_id
            )

        union

        select kpi_id, 'overall' as slice_kind, 'all' as slice_value
        from definitions
    ),

    grid as (
        select
            periods.period_kind,
            periods.period_start_on,
            periods.period_end_on,
            periods.period_ends_at,
            periods.has_completed_day,
            definitions.kpi_id,
            definitions.family,
            definitions.unit,
            definitions.direction,
            definitions.minimum_n,
            definitions.maturity_days,
            definitions.version,
            kpi_slices.slice_kind,
            kpi_slices.slice_value,
            coverage.first_on <= periods.period_end_on as is_covered
        from periods
        cross join (select min(first_on) as first_on from coverage) as beginning
        cross join definitions
        inner join kpi_slices on kpi_slices.kpi_id = definitions.kpi_id
        left join coverage on coverage.family = definitions.family
        where
            periods.period_end_on >= beginning.first_on
            and (definitions.cadence <> 'Q' or periods.period_kind = 'quarter')
    ),

    -- Missing is zero for a count in a period that the source covers, and n/a with its reason for
    -- everything else.
    found as (
        select
            grid.*,
            measured.numerator,
            measured.denominator,
            measured.n,
            case
                when not coalesce(grid.is_covered, false)
                then null
                when grid.family = 'backlog' and not grid.has_completed_day
                then null
                when measured.n < grid.minimum_n
                then null
                when measured.kpi_id is null and grid.unit in ('count', 'money')
                then 0.0
                else measured.value
            end as value,
            {{ add_seconds("grid.period_ends_at", "grid.maturity_days * 86400") }}
            > {{ as_of() }} as is_provisional
        from grid
        left join
            measured
            on measured.period_kind = grid.period_kind
            and measured.period_start_on = grid.period_start_on
            and measured.kpi_id = grid.kpi_id
            and measured.slice_kind = grid.slice_kind
            and measured.slice_value = grid.slice_value
    ),

    reasoned as (
        select
            *,
            case
                when value is not null
                then null
                when not coalesce(is_covered, false)
                then 'no_source'
                when n > 0 and n < minimum_n
                then 'too_few'
                when unit = 'money' and n > 0
                then 'no_source'
                when kpi_id = 'K50'
                then 'no_previous'
                when is_provisional
                then 'too_young'
                else 'no_cases'
            end as null_reason
        from found
    ),

    compared as (
        select
            *,
            lag(value) over ({{ series }}) as previous_value,
            lag(value, 2) over ({{ series }}) as second_previous_value,
            lag(value, 3) over ({{ series }}) as third_previous_value,
            case
                when period_kind = 'week'
                then lag(value, 52) over ({{ series }})
                when period_kind = 'month'
                then lag(value, 12) over ({{ series }})
                else lag(value, 4) over ({{ series }})
            end as year_ago_value
        from reasoned
    ),

    -- The most particular target wins: its own slice before all slices, its own period kind
    -- before all.
    chosen_targets as (
        select
            compared.period_kind,
            compared.period_start_on,
            compared.kpi_id,
            compared.slice_kind,
            compared.slice_value,
            case
                when targets.target_rule = 'previous'
                then compared.previous_value
                when targets.target_rule = 'year_ago_plus'
                then compared.year_ago_value + targets.target_value
                else targets.target_value
            end as target_value
        from compared
        inner join
            targets
            on targets.kpi_id = compared.kpi_id
            and targets.slice_kind = compared.slice_kind
            and coalesce(targets.slice_value, compared.slice_value) = compared.slice_value
            and coalesce(targets.period_kind, compared.period_kind) = compared.period_kind
            and targets.valid_from_on <= compared.period_start_on
            and (targets.valid_to_on is null or compared.period_start_on < targets.valid_to_on)
        qualify
            row_number() over (
                partition by
                    compared.period_kind,
                    compared.period_start_on,
                    compared.kpi_id,
                    compared.slice_kind,
                    compared.slice_value
                order by
                    case when targets.slice_value is null then 1 else 0 end,
                    case when targets.period_kind is null then 1 else 0 end,
                    targets.valid_from_on desc
            )
            = 1
    ),

    -- With the sign of "better", higher is better for every KPI and one comparison serves all.
    signed as (
        select
            compared.*,
            chosen_targets.target_value,
            case when compared.direction = 'down' then -1 else 1 end as sign
        from compared
        left join
            chosen_targets
            on chosen_targets.period_kind = compared.period_kind
            and chosen_targets.period_start_on = compared.period_start_on
            and chosen_targets.kpi_id = compared.kpi_id
            and chosen_targets.slice_kind = compared.slice_kind
            and chosen_targets.slice_value = compared.slice_value
    ),

    final as (
        select
            {{
                surrogate_key(
                    ["period_kind", "period_start_on", "kpi_id", "slice_kind", "slice_value"]
                )
            }} as scorecard_key,
            period_kind,
            period_start_on,
            period_end_on,
            kpi_id,
            slice_kind,
            slice_value,
            value,
            numerator,
            denominator,
            n,
            previous_value,
            year_ago_value,
            target_value,
            case
                when value is null or target_value is null
                then 'grey'
                when sign * value >= sign * target_value
                then 'green'
                when sign * value >= sign * target_value - 0.1 * abs(target_value)
                then 'amber'
                when
                    sign * value > sign * previous_value
                    and sign * previous_value > sign * second_previous_value
                    and sign * second_previous_value > sign * third_previous_value
                then 'amber'
                else 'red'
            end as status,
            null_reason,
            is_provisional,
            cast(version as {{ dbt.type_string() }}) as definition_version,
            {{ as_of() }} as as_of_at
        from signed
    )

select *
from final
