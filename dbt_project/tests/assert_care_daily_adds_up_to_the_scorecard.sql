-- Detects two places that disagree: the daily parts, summed, must be the scorecard's sums,
-- overall and by network.
-- A returned row is a KPI of a period and slice whose parts do not add up to its cell.
with
    days as (select * from {{ ref("kpi_care_daily") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    scorecard as (select * from {{ ref("kpi_scorecard") }}),

    summed as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            profiles.slice_kind,
            profiles.slice_value,
            sum(days.inbound_messages) as inbound_messages,
            sum(days.brand_love_messages) as brand_love_messages,
            sum(days.needs_response_turns) as needs_response_turns,
            sum(days.first_reply_s) / 3600.0 as first_reply_h,
            sum(days.first_replies) as first_replies,
            sum(days.first_reply_business_s) / 3600.0 as first_reply_business_h,
            sum(days.first_replies_within_4h) as within_4h,
            sum(days.first_replies_decided_4h) as decided_4h,
            sum(days.first_replies_within_1h) as within_1h,
            sum(days.first_replies_decided_1h) as decided_1h,
            sum(days.reply_s) / 3600.0 as reply_h,
            sum(days.replies) as replies,
            sum(days.mature_replied_turns) as mature_replied,
            sum(days.mature_turns) as mature,
            sum(days.new_cases) as new_cases
        from days
        inner join period_days on period_days.date_on = days.date_on
        inner join
            (
                select profile_key, 'overall' as slice_kind, 'all' as slice_value
                from {{ ref("dim_profile") }}
                union all
                select profile_key, 'network', network
                from {{ ref("dim_profile") }}
            ) as profiles
            on profiles.profile_key = days.profile_key
        group by
            period_days.period_kind,
            period_days.period_start_on,
            profiles.slice_kind,
            profiles.slice_value
    ),

    parts as (
        {% for kpi_id, numerator, denominator in [
            ("K01", "inbound_messages", "null"),
            ("K48", "brand_love_messages", "null"),
            ("K03", "needs_response_turns", "null"),
            ("K04", "first_reply_h", "first_replies"),
            ("K06", "first_reply_business_h", "first_replies"),
            ("K07", "within_4h", "decided_4h"),
            ("K08", "within_1h", "decided_1h"),
            ("K12", "reply_h", "replies"),
            ("K13", "mature_replied", "mature"),
            ("K20", "new_cases", "null"),
        ] %}
            select
                period_kind,
                period_start_on,
                slice_kind,
                slice_value,
                '{{ kpi_id }}' as kpi_id,
                cast({{ numerator }} as double) as numerator,
                cast({{ denominator }} as double) as denominator
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
left join
    scorecard
    on scorecard.period_kind = parts.period_kind
    and scorecard.period_start_on = parts.period_start_on
    and scorecard.kpi_id = parts.kpi_id
    and scorecard.slice_kind = parts.slice_kind
    and scorecard.slice_value = parts.slice_value
where
    (parts.numerator > 0 or parts.denominator > 0)
    and (
        abs(parts.numerator - coalesce(scorecard.numerator, 0)) > 1e-6
        or abs(coalesce(parts.denominator, 0) - coalesce(scorecard.denominator, 0)) > 1e-6
    )
