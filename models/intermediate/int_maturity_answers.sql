with
    answers as (select * from {{ ref("stg_maturity__answers") }}),

    items as (select * from {{ ref("maturity_items") }}),

    assessments as (select distinct assessment_on from answers),

    -- Every item belongs to every assessment, answered or not.
    final as (
        select
            {{ surrogate_key(["'maturity'", "assessments.assessment_on", "items.item_id"]) }}
            as answer_key,

            assessments.assessment_on,

            items.item_id,
            items.item,
            items.axis,
            items.hint,
            items.evidence_metric,

            items.weight,
            items.level_1,
            items.level_2,
            items.level_3,
            items.level_4,
            answers.score as self_score
        from assessments
        cross join items
        left join
            answers
            on answers.assessment_on = assessments.assessment_on
            and answers.item_id = items.item_id
    )

select *
from final
