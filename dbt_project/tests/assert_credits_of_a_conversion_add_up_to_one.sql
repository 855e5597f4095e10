-- Detects attribution that loses or invents credit. A returned row is a conversion and a model
-- whose credits do not add up to
-- one, or that a model leaves out altogether.
with
    conversions as (select * from {{ ref("fct_conversions") }}),

    attribution as (select * from {{ ref("fct_attribution") }}),

    models as (select distinct model from attribution),

    credited as (
        select conversion_key, model, sum(credit) as credit
        from attribution
        group by conversion_key, model
    )

select conversions.conversion_key, models.model, credited.credit
from conversions
cross join models
left join
    credited
    on credited.conversion_key = conversions.conversion_key
    and credited.model = models.model
where abs(coalesce(credited.credit, 0) - 1) > 1e-9
