with
    -- No message is zero messages; a profile that says nothing about its followers has some all
    -- the same.
    definitions as (
        select
            *,
            (unit = 'count' and family not in ('followers', 'reach'))
            or (unit = 'money' and additivity = 'A') as is_zero_without_cases,
            slice_kinds is null or contains(' ' || slice_kinds || ' ', ' overall ') as has_total
        from {{ ref("kpi_definitions") }}
    ),

    targets as (select * from {{ ref("kpi_targets") }} where kind = 'target'),

    periods as (
        select
            *,
            row_number() over (partition by period_kind order by period_start_on) as period_number
        from {{ ref("dim_period") }}
    ),

    coverage as (select * from {{ ref("kpi_source_coverage") }}),

    reported as (select * from {{ ref("kpi_values") }}),

    definition_breaks as (select * from {{ ref("kpi_definition_breaks") }}),

    -- A definition may name the slices its KPI is for; otherwise it is for all that its family
    -- knows.
    measured as (
        select
            reported.*,
            definitions.family,
            reported.slice_kind
            in ('overall', 'network', 'product', 'topic', 'team', 'channel_group') as is_dense
        from reported
        inner join definitions on definitions.kpi_id = reported.kpi_id
        where
            (
                definitions.slice_kinds is null
                or contains(
                    ' ' || definitions.slice_kinds || ' ', ' ' || reported.slice_kind || ' '
                )
            )
            and (definitions.cadence <> 'Q' or reported.period_kind = 'quarter')
    ),

    found_slices as (select distinct family, slice_kind, slice_value from measured where is_dense),

    -- A metric that no export of a slice tells is unknown there, in quiet periods too.
    untold as (
        select kpi_id, slice_kind, slice_value
        from measured
        group by kpi_id, slice_kind, slice_value
        having max(case when value is not null or denominator is not null then 1 else 0 end) = 0
    ),

    kpi_slices as (
        select definitions.kpi_id, found_slices.slice_kind, found_slices.slice_value
        from definitions
        inner join
            found_slices
            on found_slices.family = definitions.family
            and (
                definitions.slice_kinds is null
                or contains(
                    ' ' || definitions.slice_kinds || ' ', ' ' || found_slices.slice_kind || ' '
                )
            )

        union

        select kpi_id, 'overall' as slice_kind, 'all' as slice_value
        from definitions
    ),

    beginning as (select min(first_on) as first_on from coverage),

    -- The slices of a review have every period; the many others have those with cases.
    grid as (
        select
            periods.period_kind,
            periods.period_start_on,
            kpi_slices.kpi_id,
            kpi_slices.slice_kind,
            kpi_slices.slice_value
        from periods
        cross join beginning
        cross join kpi_slices
        inner join definitions on definitions.kpi_id = kpi_slices.kpi_id
        where
            periods.period_end_on >= beginning.first_on
            and (definitions.cadence <> 'Q' or periods.period_kind = 'quarter')

        union all

        select
            measured.period_kind,
            measured.period_start_on,
            measured.kpi_id,
            measured.slice_kind,
            measured.slice_value
        from measured
        where not measured.is_dense and measured.n > 0
    ),

    -- Missing is zero for a count in a period that the source covers, and n/a with its reason for
    -- everything else.
    found as (
        select
            grid.*,
            periods.period_number,
            periods.period_end_on,
            definitions.unit,
            definitions.direction,
            definitions.minimum_n,
            definitions.version,
            definitions.has_total,
            definitions.family,
            untold.kpi_id is null as is_told,
            coalesce(coverage.first_on <= periods.period_end_on, false) as is_covered,
            {{ add_seconds("periods.period_ends_at", "definitions.maturity_days * 86400") }}
            > {{ as_of() }} as is_provisional,
            measured.numerator,
            measured.denominator,
            measured.n,
            measured.value_low,
            measured.value_high,
            case
                when not coalesce(coverage.first_on <= periods.period_end_on, false)
                then null
                when definitions.family = 'backlog' and not periods.has_completed_day
                then null
                when measured.n < definitions.minimum_n
                then null
                when
                    measured.kpi_id is null
                    and definitions.is_zero_without_cases
                    and untold.kpi_id is null
                then 0.0
                else measured.value
            end as value
        from grid
        inner join
            periods
            on periods.period_kind = grid.period_kind
            and periods.period_start_on = grid.period_start_on
        inner join definitions on definitions.kpi_id = grid.kpi_id
        left join coverage on coverage.family = definitions.family
        left join
            measured
            on measured.period_kind = grid.period_kind
            and measured.period_start_on = grid.period_start_on
            and measured.kpi_id = grid.kpi_id
            and measured.slice_kind = grid.slice_kind
            and measured.slice_value = grid.slice_value
        left join
            untold
            on untold.kpi_id = grid.kpi_id
            and untold.slice_kind = grid.slice_kind
            and untold.slice_value = grid.slice_value
    ),

    -- Periods are counted, so that a slice without a row in between is compared with nothing and
    -- not with the wrong period.
    compared as (
        select
            {{
                surrogate_key(
                    ["period_kind", "period_start_on", "kpi_id", "slice_kind", "slice_value"]
                )
            }} as scorecard_key,
            found.*,
            -- A meaning changes for a network and its profiles, or for all that is not told apart
            -- by network.
            case
                when slice_kind in ('network', 'profile') then slice_kind else 'overall'
            end as break_kind,
            case
                when slice_kind in ('network', 'profile') then slice_value else 'all'
            end as break_value,
            {{ periods_ago("value", 1) }} as previous_value,
            {{ periods_ago("period_start_on", 1) }} as previous_start_on,
            {{ periods_ago("value", 2) }} as second_previous_value,
            {{ periods_ago("value", 3) }} as third_previous_value,
            {{ a_year_ago("value") }} as year_ago_value,
            {{ a_year_ago("period_start_on") }} as year_ago_start_on
        from found
    ),

    -- What changed its meaning between two periods, or within the earlier one, is not the same
    -- number.
    crossings as (
        select
            compared.scorecard_key,
            {% for name in ["previous", "year_ago"] %}
                max(
                    case
                        when definition_breaks.changed_on > compared.{{ name }}_start_on
                        then 1
                        else 0
                    end
                ) as crosses_{{ name }}
                {% if not loop.last %}, {% endif %}
            {% endfor %}
        from compared
        inner join
            definition_breaks
            on definition_breaks.kpi_id = compared.kpi_id
            and definition_breaks.slice_kind = compared.break_kind
            and definition_breaks.slice_value = compared.break_value
            and definition_breaks.changed_on <= compared.period_end_on
        group by compared.scorecard_key
    ),

    comparable as (
        select
            compared.*,
            coalesce(crossings.crosses_previous, 0) = 0 as is_previous_comparable,
            coalesce(crossings.crosses_year_ago, 0) = 0 as is_year_ago_comparable
        from compared
        left join crossings on crossings.scorecard_key = compared.scorecard_key
    ),

    -- The most particular target wins: its own slice before all slices, its own period kind
    -- before all.
    chosen_targets as (
        select {{ all_but("place") }}
        from
            (
                select
                    comparable.scorecard_key,
                    case
                        when
                            targets.target_rule like 'previous%'
                            and not comparable.is_previous_comparable
                        then null
                        when targets.target_rule = 'previous'
                        then comparable.previous_value
                        when targets.target_rule = 'previous_times'
                        then comparable.previous_value * targets.target_value
                        when
                            targets.target_rule = 'year_ago_plus'
                            and comparable.is_year_ago_comparable
                        then comparable.year_ago_value + targets.target_value
                        when targets.target_rule = 'year_ago_plus'
                        then null
                        else targets.target_value
                    end as target_value,
                    row_number() over (
                        partition by comparable.scorecard_key
                        order by
                            case when targets.slice_value is null then 1 else 0 end,
                            case when targets.period_kind is null then 1 else 0 end,
                            targets.valid_from_on desc
                    ) as place
                from comparable
                inner join
                    targets
                    on targets.kpi_id = comparable.kpi_id
                    and targets.slice_kind = comparable.slice_kind
                    and coalesce(targets.slice_value, comparable.slice_value)
                    = comparable.slice_value
                    and coalesce(targets.period_kind, comparable.period_kind)
                    = comparable.period_kind
                    and targets.valid_from_on <= comparable.period_start_on
                    and (
                        targets.valid_to_on is null
                        or comparable.period_start_on < targets.valid_to_on
                    )
            )
        where place = 1
    ),

    -- With the sign of "better", higher is better for every KPI and one comparison serves all.
    signed as (
        select
            comparable.*,
            chosen_targets.target_value,
            case when comparable.direction = 'down' then -1 else 1 end as sign
        from comparable
        left join chosen_targets on chosen_targets.scorecard_key = comparable.scorecard_key
    ),

    final as (
        select
            scorecard_key,
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
            case when value is not null then value_low end as value_low,
            case when value is not null then value_high end as value_high,
            previous_value,
            year_ago_value,
            is_previous_comparable,
            is_year_ago_comparable,
            target_value,
            case
                when value is null or target_value is null or n < minimum_n
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
            case
                when value is not null
                then null
                when not is_covered
                then 'no_source'
                when slice_kind = 'overall' and not has_total
                then 'not_additive'
                when n > 0 and n < minimum_n
                then 'too_few'
                when family = 'orders' and n > 0
                then 'too_few'
                when unit = 'money' and n > 0
                then 'no_source'
                when unit = 'count' and not is_told
                then 'no_source'
                when unit = 'change'
                then 'no_previous'
                when is_provisional
                then 'too_young'
                else 'no_cases'
            end as null_reason,
            is_provisional,
            cast(version as {{ dbt.type_string() }}) as definition_version,
            {{ as_of() }} as as_of_at
        from signed
    )

select *
from final
