-- Detects money lost between conversions and credits. A returned row is a model whose credited
-- value differs from the value of
-- all conversions by more than the noise of adding up floating point numbers.
with
    conversions as (select * from {{ ref("fct_conversions") }}),

    attribution as (select * from {{ ref("fct_attribution") }}),

    earned as (select coalesce(sum(value), 0) as value from conversions),

    credited as (
        select model, coalesce(sum(credited_value), 0) as credited_value
        from attribution
        group by model
    )

select credited.model, credited.credited_value, earned.value
from credited
cross join earned
where abs(credited.credited_value - earned.value) > 1e-6 + 1e-9 * abs(earned.value)
