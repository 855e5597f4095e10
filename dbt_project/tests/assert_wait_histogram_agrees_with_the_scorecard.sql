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

    buckets as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            histogram.slice_kind,
            histogram.slice_value,
            histogram.wait_kind,
            histogram.bucket,
            max(histogram.bucket_wait_s) as bucket_wait_s,
            sum(histogram.waits) as waits,
            sum(histogram.wait_s) as wait_s
        from histogram
        inner join period_days on period_days.date_on = histogram.date_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            histogram.slice_kind,
            histogram.slice_value,
            histogram.wait_kind,
            histogram.bucket
    ),

    ranked as (
        select
            *,
            sum(waits) over (
                partition by period_kind, period_start_on, slice_kind, slice_value, wait_kind
                order by bucket
            ) as reached,
            sum(waits) over (
                partition by period_kind, period_start_on, slice_kind, slice_value, wait_kind
            ) as n
        from buckets
    ),

    -- The two waits around the rank, as the scorecard interpolates them; ranks count from nought.
    told as (
        {% for kpi_id, wait_kind, share in percentiles %}
            select
                '{{ kpi_id }}' as kpi_id,
                period_kind,
                period_start_on,
                slice_kind,
                slice_value,
                max(n) as n,
                min(
                    case when reached > floor((n - 1) * {{ share }}) then bucket_wait_s end
                ) as lower_s,
                min(
                    case when reached > ceil((n - 1) * {{ share }}) then bucket_wait_s end
                ) as upper_s,
                max((n - 1) * {{ share }} - floor((n - 1) * {{ share }})) as part
            from ranked
            where wait_kind = '{{ wait_kind }}'
            group by period_kind, period_start_on, slice_kind, slice_value
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    percentiles as (
        select *, (lower_s + part * (upper_s - lower_s)) / 3600.0 as told_value from told
    ),

    means as (
        select
            case when wait_kind = 'first' then 'K04' else 'K12' end as kpi_id,
            period_kind,
            period_start_on,
            slice_kind,
            slice_value,
            sum(waits) as n,
            sum(wait_s) / 3600.0 / sum(waits) as told_value
        from buckets
        group by period_kind, period_start_on, slice_kind, slice_value, wait_kind
    ),

    compared as (
        select
            kpi_id,
            period_kind,
            period_start_on,
            slice_kind,
            slice_value,
            n,
            told_value,
            0.01 as tolerance
        from percentiles
        union all
        select
            kpi_id,
            period_kind,
            period_start_on,
            slice_kind,
            slice_value,
            n,
            told_value,
            1e-9 as tolerance
        from means
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
