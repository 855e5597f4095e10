with
    surveys as (select * from {{ ref("fct_survey_responses") }}),

    slices as (select * from {{ ref("kpi_conversation_slices") }}),

    agents as (select * from {{ ref("kpi_agent_names") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    dimensions as (
        select 'product' as slice_kind
        union all
        select 'topic' as slice_kind
    ),

    judged as ({{ surveys_answered_again("surveys") }}),

    answers as (
        select judged.*, coalesce(agents.agent_name, 'unassigned') as agent
        from judged
        left join agents on agents.agent_key = judged.agent_key
    ),

    sliced as (
        {{
            own_slices(
                "answers",
                {
                    "overall": "'all'",
                    "network": "coalesce(network, 'unknown')",
                    "team": "team",
                    "agent": "agent",
                },
            )
        }}

        union all

        -- A survey of an unknown conversation is nobody's product and topic, not lost.
        select
            dimensions.slice_kind,
            coalesce(slices.slice_value, 'untagged') as slice_value,
            answers.*
        from answers
        cross join dimensions
        left join
            slices
            on slices.conversation_key = answers.conversation_key
            and slices.slice_kind = dimensions.slice_kind

        union all

        select slices.slice_kind, slices.slice_value, answers.*
        from answers
        inner join slices on slices.conversation_key = answers.conversation_key
        where slices.slice_kind not in ('overall', 'network', 'product', 'topic')
    ),

    answered as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            count(*) filter (
                where sliced.survey_kind = 'csat' and sliced.is_satisfied is not null
            ) as answers,
            count(*) filter (
                where sliced.survey_kind = 'csat' and sliced.is_satisfied
            ) as satisfied,
            count(*) filter (
                where sliced.nps_group is not null and not sliced.is_answered_again
            ) as respondents,
            count(*) filter (
                where sliced.nps_group = 'promoter' and not sliced.is_answered_again
            ) as promoters,
            count(*) filter (
                where sliced.nps_group = 'detractor' and not sliced.is_answered_again
            ) as detractors
        from sliced
        inner join period_days on period_days.date_on = sliced.responded_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value
    ),

    satisfaction as (select * from answered where answers > 0),

    -- 1.96 standard errors of the difference of two shares of the same respondents, in points.
    recommendation as (
        select
            *,
            100 * (promoters - detractors) / respondents as nps,
            196 * sqrt(
                (
                    (promoters + detractors)
                    - (promoters - detractors) * (promoters - detractors) / respondents
                )
                / (respondents * respondents)
            ) as margin
        from answered
        where respondents > 0
    ),

    -- A survey has a week to be answered before its silence counts.
    sent as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            count(*) as sent_surveys,
            count(*) filter (where sliced.is_answered) as answers
        from sliced
        inner join period_days on period_days.date_on = sliced.sent_on
        where {{ is_older_than("sliced.sent_at", 604800) }}
        group by
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value
    ),

    -- Fewer than ten answers say nothing about satisfaction: the parts are kept, the value is not.
    final as (
        {{
            kpi_row(
                "satisfaction",
                "K43",
                value="case when answers >= 10 then satisfied / answers end",
                numerator="satisfied",
                denominator="answers",
                n="answers",
                low=wilson_bound("satisfied", "answers", -1),
                high=wilson_bound("satisfied", "answers", 1),
            )
        }}
        union all
        {{ kpi_row("sent", "K44", numerator="answers", denominator="sent_surveys") }}
        union all
        {{
            kpi_row(
                "recommendation",
                "K45",
                value="nps",
                numerator="promoters - detractors",
                denominator="respondents",
                n="respondents",
                low="greatest(nps - margin, -100)",
                high="least(nps + margin, 100)",
            )
        }}
    )

select *
from final
