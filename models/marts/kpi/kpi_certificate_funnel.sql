with
    reported as (select * from {{ ref("kpi_values_certificates") }}),

    steps as (
        select step_number, step, kpi_id
        from
            (
                values
                    (1, 'posts', 'K53_posts'),
                    (2, 'answers', 'K53'),
                    (3, 'clicks', 'K53_clicks'),
                    (4, 'sessions', 'K53_sessions'),
                    (5, 'conversions', 'K53_conversions')
            ) as names(step_number, step, kpi_id)
    ),

    posted as (select * from reported where kpi_id = 'K53_posts'),

    final as (
        select
            {{
                surrogate_key(
                    [
                        "reported.period_kind",
                        "reported.period_start_on",
                        "steps.step",
                        "reported.slice_kind",
                        "reported.slice_value",
                    ]
                )
            }} as certificate_step_key,

            reported.period_kind,
            reported.period_start_on,

            cast(steps.step_number as bigint) as step_number,
            steps.step,
            reported.slice_kind,
            reported.slice_value,

            cast(reported.numerator as bigint) as cases
        from reported
        inner join steps on steps.kpi_id = reported.kpi_id
        left join
            posted
            on posted.period_kind = reported.period_kind
            and posted.period_start_on = reported.period_start_on
            and posted.slice_kind = reported.slice_kind
            and posted.slice_value = reported.slice_value
        where reported.numerator is not null or posted.kpi_id is not null
    )

select *
from final
