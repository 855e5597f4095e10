{%- set zone = "'" ~ var("reporting_zone") ~ "'" -%}

with
    messages as (
        select *, date_trunc('hour', {{ utc_to_local("sent_at", zone) }}) as local_hour
        from {{ ref("fct_messages") }}
        where direction = 'in' and not is_spam and not is_own
    ),

    -- An hour is the company's: in the night the clocks go back, two in one.
    hours as (
        select
            local_hour,
            count(*) as messages,
            count(sentiment) as classified,
            count(*) filter (where sentiment = 'negative') as negative
        from messages
        group by local_hour
    ),

    beginning as (select min(sent_on) as first_on from messages),

    weeks as (
        {% for week in range(1, 9) %}
            select {{ week }} as weeks_before
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    -- Fewer than twenty messages are no crisis. What has no eight weeks before it cannot be judged,
    -- and what is not over is not known.
    judged as (
        select
            hours.*,
            {{ local_to_utc("hours.local_hour", zone) }} as started_at,
            {{ local_to_utc(add_seconds("hours.local_hour", "3600"), zone) }} as ended_at
        from hours
        cross join beginning
        where
            hours.messages >= 20
            and {{ add_seconds("hours.local_hour", "-8 * 604800") }}
            >= cast(beginning.first_on as timestamp)
    ),

    -- The same hour of the eight weeks before; one without a message counts as nought.
    before as (
        select
            judged.local_hour,
            coalesce(hours.messages, 0) as messages,
            coalesce(hours.classified, 0) as classified,
            coalesce(hours.negative, 0) as negative
        from judged
        cross join weeks
        left join
            hours
            on hours.local_hour
            = {{ add_seconds("judged.local_hour", "-604800 * weeks.weeks_before") }}
    ),

    usual as (
        select
            local_hour,
            {{ percentile_cont("messages", 0.5) }} as median_messages,
            sum(messages) / 8 as mean_messages,
            coalesce(sum(negative) / nullif(sum(classified), 0), 0) as negative_share
        from before
        group by local_hour
    ),

    spread as (
        select
            before.local_hour,
            {{ percentile_cont("abs(before.messages - usual.median_messages)", 0.5) }}
            as median_deviation
        from before
        inner join usual on usual.local_hour = before.local_hour
        group by before.local_hour
    ),

    -- Where half of the hours before are alike there is no deviation to measure with: then the hour
    -- is held against the spread that chance alone would give their mean, of at least one.
    scored as (
        select
            judged.local_hour,
            judged.started_at,
            judged.ended_at,
            judged.messages,
            judged.classified,
            judged.negative,
            usual.median_messages,
            spread.median_deviation,
            judged.negative / nullif(judged.classified, 0) as negative_share,
            usual.negative_share as usual_negative_share,
            case when spread.median_deviation > 0 then 'robust' else 'poisson' end as rule,
            case
                when spread.median_deviation > 0
                then
                    0.6745
                    * (judged.messages - usual.median_messages)
                    / nullif(spread.median_deviation, 0)
                else
                    (judged.messages - greatest(usual.mean_messages, 1.0))
                    / sqrt(greatest(usual.mean_messages, 1.0))
            end as score
        from judged
        inner join usual on usual.local_hour = judged.local_hour
        inner join spread on spread.local_hour = judged.local_hour
        where judged.ended_at <= {{ as_of() }}
    ),

    final as (
        select
            started_at,
            ended_at,
            rule,
            messages,
            classified,
            negative,
            median_messages,
            median_deviation,
            negative_share,
            usual_negative_share,
            score,
            score >= 3.5
            and messages >= 2 * median_messages
            and coalesce(negative_share >= usual_negative_share + 0.15, false) as is_crisis
        from scored
    )

select *
from final
