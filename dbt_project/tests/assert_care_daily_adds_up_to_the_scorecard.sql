-- Detects two places that disagree: the daily parts, summed, must be the scorecard's sums, overall,
-- by network and by profile.
-- A returned row is a KPI of a period and slice whose parts do not add up to its cell.
{% set kpis = [
    ("K01", "inbound_messages", none, 1),
    ("K01_to_us", "inbound_to_us_messages", none, 1),
    ("K01_about_us", "inbound_about_us_messages", none, 1),
    ("K02", "inbound_about_us_messages", "inbound_messages", 1),
    ("K03", "needs_response_turns", none, 1),
    ("K04", "first_reply_s", "first_replies", 3600),
    ("K06", "first_reply_business_s", "first_replies", 3600),
    ("K07", "first_replies_within_4h", "first_replies_decided_4h", 1),
    ("K08", "first_replies_within_1h", "first_replies_decided_1h", 1),
    ("K09", "technical_first_reply_s", "technical_first_replies", 3600),
    ("K10", "first_reply_s", "first_replies", 3600),
    ("K12", "reply_s", "replies", 3600),
    ("K13", "mature_replied_turns", "mature_turns", 1),
    ("K13_72h", "mature_72h_replied_turns", "mature_72h_turns", 1),
    ("K14", "actioned_messages", "inbound_messages", 1),
    ("K17", "out_of_hours_first_turns", "first_turns", 1),
    ("K17_frt", "out_of_hours_first_reply_s", "out_of_hours_first_replies", 3600),
    ("K19_frt", "vip_first_reply_s", "vip_first_replies", 3600),
    ("K19_response_rate", "vip_mature_replied_turns", "vip_mature_turns", 1),
    ("K20", "new_cases", none, 1),
    ("K24_mean", "first_close_s", "first_closes", 3600),
    ("K24_final_mean", "final_close_s", "final_closes", 3600),
    ("K25", "reopened_first_closes", "aged_first_closes", 1),
    ("K26", "first_contact_resolutions", "aged_final_closes", 1),
    ("K27", "one_touch_cases", "final_closes", 1),
    ("K28", "resolved_cases", "handled_cases", 1),
    ("K29", "resolved_in_channel_cases", "resolved_cases", 1),
    ("K30", "handoffs", "handled_cases", 1),
    ("K30_cross_team", "cross_team_cases", "handled_cases", 1),
    ("K31", "agents_of_cases", "cases_with_agents", 1),
    ("K32", "cross_team_handoffs", "handled_cases", 1),
    ("K33_mean", "assign_s", "assigned_cases", 60),
    ("K34", "handle_s", "handled_by_somebody_cases", 60),
    ("K34_effort", "effort_s", "timed_cases", 60),
    ("K37", "bot_resolved_cases", "bot_started_cases", 1),
    ("K40", "template_messages", "human_messages", 1),
    ("K41", "portal_redirects", "human_messages", 1),
    ("K42", "replies_as_policy", "replies_with_policy", 1),
    ("K43", "csat_satisfied", "csat_answers", 1),
    ("K44", "mature_answered_surveys", "mature_surveys", 1),
    ("K46_replies", "human_messages", none, 1),
    ("K46_closed", "closes_by_people", none, 1),
    ("K47", "service_messages", "inbound_messages", 1),
    ("K47_untagged", "untagged_messages", "inbound_messages", 1),
    ("K48", "brand_love_messages", none, 1),
] %}

with
    days as (select * from {{ ref("kpi_care_daily") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    profiles as (select * from {{ ref("dim_profile") }}),

    scorecard as (select * from {{ ref("kpi_scorecard") }}),

    definitions as (select * from {{ ref("kpi_definitions") }}),

    sliced as (
        select 'overall' as slice_kind, 'all' as slice_value, days.*
        from days

        union all

        select 'network' as slice_kind, days.network as slice_value, days.*
        from days
        where days.network is not null

        union all

        select 'profile' as slice_kind, profiles.profile_name as slice_value, days.*
        from days
        inner join profiles on profiles.profile_key = days.profile_key
    ),

    summed as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            {% for kpi_id, numerator, denominator, seconds in kpis %}
                cast(sum(sliced.{{ numerator }}) as double)
                / {{ seconds }} as numerator_{{ kpi_id }},
                cast(
                    {% if denominator %}sum(sliced.{{ denominator }})
                    {% else %}null
                    {% endif %} as double
                ) as denominator_{{ kpi_id }}
                {% if not loop.last %},{% endif %}
            {% endfor %}
        from sliced
        inner join period_days on period_days.date_on = sliced.date_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value
    ),

    parts as (
        {% for kpi_id, numerator, denominator, seconds in kpis %}
            select
                period_kind,
                period_start_on,
                slice_kind,
                slice_value,
                '{{ kpi_id }}' as kpi_id,
                numerator_{{ kpi_id }} as numerator,
                denominator_{{ kpi_id }} as denominator
            from summed
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )

select
    parts.*,
    scorecard.numerator as scorecard_numerator,
    scorecard.denominator as scorecard_denominator
from parts
inner join definitions on definitions.kpi_id = parts.kpi_id
left join
    scorecard
    on scorecard.period_kind = parts.period_kind
    and scorecard.period_start_on = parts.period_start_on
    and scorecard.kpi_id = parts.kpi_id
    and scorecard.slice_kind = parts.slice_kind
    and scorecard.slice_value = parts.slice_value
where
    (parts.numerator > 0 or parts.denominator > 0)
    and (definitions.cadence <> 'Q' or parts.period_kind = 'quarter')
    -- Some KPIs have not all slices, and a survey may name a network that its conversation has not.
    and (
        definitions.slice_kinds is null
        or ' ' || definitions.slice_kinds || ' ' like '% ' || parts.slice_kind || ' %'
    )
    and (definitions.family <> 'surveys' or parts.slice_kind <> 'network')
    and (
        abs(coalesce(parts.numerator, 0) - coalesce(scorecard.numerator, 0)) > 1e-6
        or abs(coalesce(parts.denominator, 0) - coalesce(scorecard.denominator, 0)) > 1e-6
    )
