-- Detects a histogram that tells other waits than the scorecard: means must be equal, percentiles
-- within 1 % of the exact ones, in every slice and period.
-- A returned row is a cell of the scorecard and what the histogram says instead.
{% set percentiles = [
    ("K05", "first", 0.5),
    ("K05_p90", "first", 0.9),
    ("K12_median", "all", 0.5),
] %}

with
    histogram as (select * from {{ ref("kpi_care_wait_histogram") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    scorecard as (select * from {{ ref("kpi_scorecard") }}),

    -- Millions of rows are grouped and ranked below: by numbers that stand for periods and slices.
    periods as (
        select
            period_kind,
            period_start_on,
            row_number() over (order by period_kind, period_start_on) as period
        from (select distinct period_kind, period_start_on from period_days)
    ),

    slices as (
        select
            slice_kind,
            slice_value,
            wait_kind,
            row_number() over (order by slice_kind, slice_value, wait_kind) as slice
        from
            (
                select distinct slice_kind, slice_value, wait_kind
                -- Not by the name above: what is named and read twice is written down first.
                from {{ ref("kpi_care_wait_histogram") }}
            )
    ),

    days as (
        select periods.period, period_days.date_on
        from period_days
        inner join
            periods
            on periods.period_kind = period_days.period_kind
            and periods.period_start_on = period_days.period_start_on
    ),

    waited as (
        select
            histogram.date_on,
            slices.slice,
            histogram.bucket,
            histogram.bucket_wait_s,
            histogram.waits,
            histogram.wait_s
        from histogram
        inner join
            slices
            on slices.slice_kind = histogram.slice_kind
            and slices.slice_value = histogram.slice_value
            and slices.wait_kind = histogram.wait_kind
    ),

    buckets as (
        select
            days.period,
            waited.slice,
            waited.bucket,
            max(waited.bucket_wait_s) as bucket_wait_s,
            cast(sum(waited.waits) as bigint) as waits,
            cast(sum(waited.wait_s) as bigint) as wait_s
        from waited
        inner join days on days.date_on = waited.date_on
        group by days.period, waited.slice, waited.bucket
    ),

    totals as (
        select period, slice, cast(sum(waits) as bigint) as n, cast(sum(wait_s) as bigint) as wait_s
        from buckets
        group by period, slice
    ),

    -- Where the percentiles are: ranks count from nought.
    ranks as (
        {% for kpi_id, wait_kind, share in percentiles %}
            select
                '{{ kpi_id }}' as kpi_id,
                totals.period,
                totals.slice,
                totals.n,
                cast(floor((totals.n - 1) * {{ share }}) as bigint) as lower_rank,
                cast(ceil((totals.n - 1) * {{ share }}) as bigint) as upper_rank,
                (totals.n - 1) * {{ share }} - floor((totals.n - 1) * {{ share }}) as part
            from totals
            inner join slices on slices.slice = totals.slice
            where slices.wait_kind = '{{ wait_kind }}'
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    reached as (
        select
            period,
            slice,
            bucket_wait_s,
            cast(sum(waits) over (partition by period, slice order by bucket) as bigint) as waits
        from buckets
    ),

    -- The two waits around the rank, as the scorecard interpolates them.
    told as (
        select
            ranks.kpi_id,
            ranks.period,
            ranks.slice,
            ranks.n,
            ranks.part,
            min(
                case when reached.waits > ranks.lower_rank then reached.bucket_wait_s end
            ) as lower_s,
            min(
                case when reached.waits > ranks.upper_rank then reached.bucket_wait_s end
            ) as upper_s
        from ranks
        inner join reached on reached.period = ranks.period and reached.slice = ranks.slice
        group by ranks.kpi_id, ranks.period, ranks.slice, ranks.n, ranks.part
    ),

    figures as (
        select
            kpi_id,
            period,
            slice,
            n,
            (lower_s + part * (upper_s - lower_s)) / 3600.0 as told_value,
            0.01 as tolerance
        from told

        union all

        select
            case when slices.wait_kind = 'first' then 'K04' else 'K12' end as kpi_id,
            totals.period,
            totals.slice,
            totals.n,
            totals.wait_s / 3600.0 / totals.n as told_value,
            1e-9 as tolerance
        from totals
        inner join slices on slices.slice = totals.slice
    ),

    compared as (
        select
            figures.kpi_id,
            periods.period_kind,
            periods.period_start_on,
            slices.slice_kind,
            slices.slice_value,
            figures.n,
            figures.told_value,
            figures.tolerance
        from figures
        inner join periods on periods.period = figures.period
        inner join slices on slices.slice = figures.slice
    )

select compared.*, scorecard.value as scorecard_value, scorecard.n as scorecard_n
from compared
left join
    scorecard
    on scorecard.period_kind = compared.period_kind
    and scorecard.period_start_on = compared.period_start_on
    and scorecard.kpi_id = compared.kpi_id
    and scorecard.slice_kind = compared.slice_kind
    and scorecard.slice_value = compared.slice_value
where
    scorecard.value is null
    or scorecard.n <> compared.n
    or abs(compared.told_value - scorecard.value) > compared.tolerance * scorecard.value + 1e-12
