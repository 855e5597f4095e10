with
    answers as (select * from {{ ref("int_maturity_answers") }}),

    evidence as (select * from {{ ref("fct_maturity_evidence") }}),

    backed as (
        select
            answers.*,
            evidence.value as measured_value,
            case
                when evidence.value is null
                then null
                when evidence.value >= answers.level_4
                then 4.0
                when evidence.value >= answers.level_3
                then 3.0
                when evidence.value >= answers.level_2
                then 2.0
                when evidence.value >= answers.level_1
                then 1.0
                else 0.0
            end as evidence_score
        from answers
        left join
            evidence
            on evidence.assessment_on = answers.assessment_on
            and evidence.metric = answers.evidence_metric
    ),

    -- What people say counts; what they leave open, the warehouse answers where it can.
    final as (
        select
            answer_key,

            assessment_on,

            item_id,
            item,
            axis,
            hint,
            case
                when self_score is not null
                then 'self'
                when evidence_score is not null
                then 'evidence'
                else 'open'
            end as source,
            case
                when measured_value is null
                then null
                when evidence_metric like '%_share'
                then
                    cast(cast(measured_value * 100 as decimal(18, 1)) as {{ dbt.type_string() }})
                    || ' %'
                else cast(cast(measured_value as bigint) as {{ dbt.type_string() }})
            end as evidence,

            cast(weight as double) as weight,
            cast(self_score as double) as self_score,
            cast(evidence_score as double) as evidence_score,
            cast(coalesce(self_score, evidence_score) as double) as score_used,
            measured_value
        from backed
    )

select *
from final
