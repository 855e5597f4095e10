with
    turns as (select * from {{ ref("kpi_values_turns") }}),

    baselines as (
        select * from {{ ref("kpi_targets") }} where kpi_id = 'K04' and kind = 'baseline'
    ),

    periods as (select * from {{ ref("dim_period") }}),

    needs as (select * from turns where kpi_id = 'K03'),

    waits as (select * from turns where kpi_id = 'K04' and value is not null),

    -- A month without a turn after one with some is a fall of 100 %, so the earlier one leads.
    growth as (
        select
            periods.period_kind,
            periods.period_start_on,
            before.slice_kind,
            before.slice_value,
            coalesce(needs.value, 0) as turns,
            before.value as turns_before
        from needs as before
        inner join
            periods
            on periods.period_kind = before.period_kind
            and periods.period_start_on
            = {{ year_later("before.period_kind", "before.period_start_on") }}
        left join
            needs
            on needs.period_kind = periods.period_kind
            and needs.period_start_on = periods.period_start_on
            and needs.slice_kind = before.slice_kind
            and needs.slice_value = before.slice_value
    ),

    -- The most particular baseline wins, as with targets; a slice without one is held against none.
    improvement as (
        select {{ all_but("place") }}
        from
            (
                select
                    waits.period_kind,
                    waits.period_start_on,
                    waits.slice_kind,
                    waits.slice_value,
                    waits.n,
                    waits.value - baselines.target_value as moved_h,
                    baselines.target_value as baseline_h,
                    row_number() over (
                        partition by
                            waits.period_kind,
                            waits.period_start_on,
                            waits.slice_kind,
                            waits.slice_value
                        order by
                            case when baselines.slice_value is null then 1 else 0 end,
                            case when baselines.period_kind is null then 1 else 0 end,
                            baselines.valid_from_on desc
                    ) as place
                from waits
                inner join
                    baselines
                    on baselines.slice_kind = waits.slice_kind
                    and coalesce(baselines.slice_value, waits.slice_value) = waits.slice_value
                    and coalesce(baselines.period_kind, waits.period_kind) = waits.period_kind
                    and baselines.valid_from_on <= waits.period_start_on
                    and (
                        baselines.valid_to_on is null
                        or waits.period_start_on < baselines.valid_to_on
                    )
            )
        where place = 1
    ),

    final as (
        {{
            kpi_row(
                "growth",
                "K03_growth",
                value="turns / turns_before - 1",
                numerator="turns",
                denominator="turns_before",
            )
        }}
        union all
        {{ kpi_row("improvement", "K11", numerator="moved_h", denominator="baseline_h", n="n") }}
    )

select *
from final
