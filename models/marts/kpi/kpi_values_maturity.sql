with
    assessments as (select * from {{ ref("kpi_social_maturity") }}),

    periods as (select * from {{ ref("dim_period") }} where period_kind = 'quarter'),

    -- The latest assessment speaks for a quarter, unless it is too old to.
    spoken as (
        select {{ all_but("place") }}
        from
            (
                select
                    periods.period_kind,
                    periods.period_start_on,
                    'overall' as slice_kind,
                    'all' as slice_value,
                    assessments.investment,
                    assessments.investment_items,
                    assessments.innovation,
                    assessments.innovation_items,
                    row_number() over (
                        partition by periods.period_start_on order by assessments.assessment_on desc
                    ) as place
                from periods
                inner join assessments on assessments.assessment_on <= periods.period_end_on
                where
                    {{ add_days("assessments.assessment_on", var("maturity_valid_days")) }} >= case
                        when periods.is_complete
                        then periods.period_end_on
                        else cast({{ as_of() }} as date)
                    end
            )
        where place = 1
    ),

    final as (
        {{
            kpi_rows(
                "spoken",
                [
                    {
                        "id": "K79_investment",
                        "value": "investment",
                        "n": "investment_items",
                        "where": "investment is not null",
                    },
                    {
                        "id": "K79_innovation",
                        "value": "innovation",
                        "n": "innovation_items",
                        "where": "innovation is not null",
                    },
                ],
            )
        }}
    )

select *
from final
