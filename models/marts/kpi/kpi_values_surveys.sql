with
    surveys as (select * from {{ ref("fct_survey_responses") }}),

    tags as (select * from {{ ref("bridge_conversation_tags") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    dimensions as (
        select 'product' as tag_kind
        union all
        select 'topic' as tag_kind
    ),

    sliced as (
        select 'overall' as slice_kind, 'all' as slice_value, surveys.*
        from surveys

        union all

        select
            'network' as slice_kind, coalesce(surveys.network, 'unknown') as slice_value, surveys.*
        from surveys

        union all

        select 'team' as slice_kind, surveys.team as slice_value, surveys.*
        from surveys

        union all

        -- A survey of an unknown conversation is nobody's product and topic, not lost.
        select
            dimensions.tag_kind as slice_kind,
            coalesce(tags.tag_value, 'untagged') as slice_value,
            surveys.*
        from surveys
        cross join dimensions
        left join
            tags
            on tags.conversation_key = surveys.conversation_key
            and tags.tag_kind = dimensions.tag_kind
    ),

    answered as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            count(*) as answers,
            count(*) filter (where sliced.is_satisfied) as satisfied
        from sliced
        inner join period_days on period_days.date_on = sliced.responded_on
        where sliced.survey_kind = 'csat' and sliced.is_satisfied is not null
        group by
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value
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
                "answered",
                "K43",
                value="case when answers >= 10 then satisfied * 1.0 / answers end",
                numerator="satisfied",
                denominator="answers",
                n="answers",
            )
        }}
        union all
        {{ kpi_row("sent", "K44", numerator="answers", denominator="sent_surveys") }}
    )

select *
from final
