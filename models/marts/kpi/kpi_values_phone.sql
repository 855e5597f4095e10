with
    days as (select * from {{ ref("fct_phone_daily") }}),

    presence as (select * from {{ ref("fct_agent_presence") }}),

    conversations as (select * from {{ ref("fct_conversations") }} where is_handled),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    phoned as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            'overall' as slice_kind,
            'all' as slice_value,
            sum(days.calls_answered) as calls,
            {{
                exact_sum(
                    "days.talk_s + coalesce(days.hold_s, 0) + coalesce(days.after_call_s, 0)"
                )
            }} / 60 as call_min,
            sum(days.calls_answered) filter (where days.agent_hours is not null) as staffed_calls,
            {{ exact_sum("days.agent_hours") }} as agent_hours,
            sum(days.deflections_accepted) as accepted,
            sum(days.deflections_accepted)
            - coalesce(sum(days.callbacks_within_7d), 0) as effective,
            sum(days.deflections_accepted) + sum(days.calls_answered) as asked
        from days
        inner join period_days on period_days.date_on = days.date_on
        group by period_days.period_kind, period_days.period_start_on
    ),

    present as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            {{ exact_sum("presence.present_s") }} / 3600 as present_h
        from presence
        inner join period_days on period_days.date_on = presence.date_on
        group by period_days.period_kind, period_days.period_start_on
    ),

    handled as (
        select period_days.period_kind, period_days.period_start_on, count(*) as handled
        from conversations
        inner join period_days on period_days.date_on = conversations.opened_on
        group by period_days.period_kind, period_days.period_start_on
    ),

    social as (
        select
            present.period_kind,
            present.period_start_on,
            'overall' as slice_kind,
            'all' as slice_value,
            coalesce(handled.handled, 0) as handled,
            present.present_h
        from present
        left join
            handled
            on handled.period_kind = present.period_kind
            and handled.period_start_on = present.period_start_on
    ),

    compared as (
        select
            social.period_kind,
            social.period_start_on,
            social.slice_kind,
            social.slice_value,
            social.handled,
            social.handled / nullif(social.present_h, 0) as social_an_hour,
            phoned.staffed_calls / nullif(phoned.agent_hours, 0) as calls_an_hour
        from social
        inner join
            phoned
            on phoned.period_kind = social.period_kind
            and phoned.period_start_on = social.period_start_on
    ),

    final as (
        {{
            kpi_rows(
                "phoned",
                [
                    {"id": "K35", "numerator": "call_min", "denominator": "calls"},
                    {
                        "id": "K36_phone",
                        "numerator": "staffed_calls",
                        "denominator": "agent_hours",
                        "n": "staffed_calls",
                    },
                    {"id": "K38", "numerator": "accepted", "denominator": "asked"},
                    {"id": "K38_effective", "numerator": "effective", "denominator": "asked"},
                ],
            )
        }}
        union all
        {{
            kpi_row(
                "social",
                "K36_social",
                numerator="handled",
                denominator="present_h",
                n="handled",
            )
        }}
        union all
        {{
            kpi_row(
                "compared",
                "K36",
                numerator="social_an_hour",
                denominator="calls_an_hour",
                n="handled",
            )
        }}
    )

select *
from final
