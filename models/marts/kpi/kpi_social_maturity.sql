with
    answers as (select * from {{ ref("fct_maturity_answers") }}),

    quadrants as (select * from {{ ref("maturity_quadrants") }}),

    {% set points = {
        "used": ("score_used", "score_used is not null"),
        "self": ("self_score", "self_score is not null"),
        "evidence": ("evidence_score", "evidence_score is not null"),
        "backed": ("self_score", "evidence_score is not null and self_score is not null"),
        "checked": (
            "evidence_score",
            "evidence_score is not null and self_score is not null",
        ),
    } %}

    -- An axis is the mean of its items by weight, those without a score left out, as points of 100.
    scored as (
        select
            assessment_on,
            {% for axis in ["investment", "innovation"] %}
                {% for name, (score, condition) in points.items() %}
                    25.0
                    * {{
                        exact_sum(
                            score ~ " * weight", where="axis= '" ~ axis ~ "' and " ~ condition
                        )
                    }}
                    / nullif(
                        {{ exact_sum("weight", where="axis= '" ~ axis ~ "' and " ~ condition) }}, 0
                    ) as {{ axis }}_{{ name }},
                {% endfor %}
                count(*) filter (
                    where axis = '{{ axis }}' and score_used is not null
                ) as {{ axis }}_items,
            {% endfor %}
            count(*) filter (where self_score is not null) as items_answered,
            count(*) filter (where evidence_score is not null) as items_backed,
            count(*) as items
        from answers
        group by assessment_on
    ),

    -- What would move the company most: the item with most points to gain.
    weakest as (
        select {{ all_but("place") }}
        from
            (
                select
                    assessment_on,
                    item_id,
                    hint,
                    row_number() over (
                        partition by assessment_on order by (4 - score_used) * weight desc, item_id
                    ) as place
                from answers
                where score_used is not null
            )
        where place = 1
    ),

    compared as (
        select
            scored.*,
            lag(investment_used) over (order by assessment_on) as previous_investment,
            lag(innovation_used) over (order by assessment_on) as previous_innovation,
            row_number() over (order by assessment_on desc) = 1 as is_latest
        from scored
    ),

    final as (
        select
            {{ surrogate_key(["compared.assessment_on"]) }} as assessment_key,

            compared.assessment_on,

            compared.is_latest,
            quadrants.quadrant,
            quadrants.recommendation,
            weakest.item_id as weakest_item_id,
            weakest.hint as weakest_item_hint,
            evidence_quadrants.quadrant as evidence_quadrant,

            compared.investment_used as investment,
            compared.innovation_used as innovation,
            compared.investment_used - compared.previous_investment as investment_change,
            compared.innovation_used - compared.previous_innovation as innovation_change,
            compared.investment_self,
            compared.innovation_self,
            compared.investment_evidence,
            compared.innovation_evidence,
            compared.investment_backed - compared.investment_checked as investment_overrated,
            compared.innovation_backed - compared.innovation_checked as innovation_overrated,
            compared.investment_items,
            compared.innovation_items,
            compared.items_answered,
            compared.items_backed,
            compared.items
        from compared
        left join
            quadrants
            on quadrants.is_investment_high
            = (compared.investment_used >= {{ var("maturity_high_from") }})
            and quadrants.is_innovation_high
            = (compared.innovation_used >= {{ var("maturity_high_from") }})
        left join
            quadrants as evidence_quadrants
            on evidence_quadrants.is_investment_high
            = (compared.investment_evidence >= {{ var("maturity_high_from") }})
            and evidence_quadrants.is_innovation_high
            = (compared.innovation_evidence >= {{ var("maturity_high_from") }})
        left join weakest on weakest.assessment_on = compared.assessment_on
    )

select *
from final
