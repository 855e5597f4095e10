with
    reviews as (select * from {{ ref("fct_review_deliveries") }}),

    checked as (select * from {{ ref("fct_check_runs") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    reviews_sliced as (
        {{ own_slices("reviews", {"overall": "'all'", "cadence": "reviews.cadence"}) }}
    ),

    punctual as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            reviews_sliced.slice_kind,
            reviews_sliced.slice_value,
            count(*) filter (where reviews_sliced.is_on_time) as on_time,
            count(*) as due
        from reviews_sliced
        inner join period_days on period_days.date_on = reviews_sliced.due_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            reviews_sliced.slice_kind,
            reviews_sliced.slice_value
    ),

    audited as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            'overall' as slice_kind,
            'all' as slice_value,
            sum(checked.passed) as passed,
            sum(checked.checks) as checks
        from checked
        inner join period_days on period_days.date_on = checked.checked_on
        group by period_days.period_kind, period_days.period_start_on
    ),

    final as (
        {{ kpi_row("punctual", "K81", numerator="on_time", denominator="due") }}
        union all
        {{ kpi_row("audited", "K82", numerator="passed", denominator="checks") }}
    )

select *
from final
