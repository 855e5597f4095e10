{%- set counts = [
    "needs_response_turns",
    "first_replies",
    "within_4h",
    "decided_4h",
    "within_1h",
    "decided_1h",
    "technical_replies",
    "first_turns",
    "out_of_hours_turns",
    "out_of_hours_replies",
    "replies",
    "mature_24h",
    "replied_mature_24h",
    "mature_72h",
    "replied_mature_72h",
    "vip_first_replies",
    "vip_mature_24h",
    "vip_replied_mature_24h",
    "replies_with_policy",
    "replies_as_policy",
] -%}
{%- set waits = [
    "first_wait",
    "first_wait_business",
    "technical_wait",
    "out_of_hours_wait",
    "replies_wait",
    "vip_first_wait",
] -%}

with
    replies as (select * from {{ ref("fct_replies") }}),

    slices as (select * from {{ ref("kpi_turn_slices") }}),

    tags as (select * from {{ ref("bridge_conversation_tags") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    technical as (
        select distinct conversation_key
        from tags
        where tag_kind = 'topic' and tag_value = 'technical'
    ),

    turns as (
        select
            replies.turn_key,
            replies.started_on,
            replies.is_replied,
            replies.is_bot_contained,
            replies.is_first,
            replies.is_out_of_hours,
            replies.is_vip,
            replies.wait_s,
            replies.wait_business_s,
            replies.age_s,
            replies.reply_visibility,
            replies.policy_visibility,
            technical.conversation_key is not null as is_technical
        from replies
        left join technical on technical.conversation_key = replies.conversation_key
    ),

    sliced as (
        select slices.slice_kind, slices.slice_value, turns.*
        from turns
        inner join slices on slices.turn_key = turns.turn_key
    ),

    -- What can be added up is counted by day first: a day is of a week, a month and a quarter.
    counted as (
        select
            started_on,
            slice_kind,
            slice_value,
            count(*) as needs_response_turns,

            count(*) filter (where is_first and is_replied) as first_replies,
            sum(wait_s) filter (where is_first and is_replied) as first_wait_s,
            sum(wait_business_s) filter (where is_first and is_replied) as first_wait_business_s,
            count(*) filter (where is_first and is_replied and wait_s <= 14400) as within_4h,
            count(*) filter (where is_first and (is_replied or age_s > 14400)) as decided_4h,
            count(*) filter (where is_first and is_replied and wait_s <= 3600) as within_1h,
            count(*) filter (where is_first and (is_replied or age_s > 3600)) as decided_1h,

            count(*) filter (where is_first and is_replied and is_technical) as technical_replies,
            sum(wait_s) filter (where is_first and is_replied and is_technical) as technical_wait_s,

            count(*) filter (where is_first and not is_bot_contained) as first_turns,
            count(*) filter (
                where is_first and not is_bot_contained and is_out_of_hours
            ) as out_of_hours_turns,
            count(*) filter (
                where is_first and is_replied and is_out_of_hours
            ) as out_of_hours_replies,
            sum(wait_s) filter (
                where is_first and is_replied and is_out_of_hours
            ) as out_of_hours_wait_s,

            count(*) filter (where is_replied and not is_bot_contained) as replies,
            sum(wait_s) filter (where is_replied and not is_bot_contained) as replies_wait_s,

            count(*) filter (where not is_bot_contained and age_s > 86400) as mature_24h,
            count(*) filter (
                where not is_bot_contained and age_s > 86400 and is_replied
            ) as replied_mature_24h,
            count(*) filter (where not is_bot_contained and age_s > 259200) as mature_72h,
            count(*) filter (
                where not is_bot_contained and age_s > 259200 and is_replied
            ) as replied_mature_72h,

            count(*) filter (where is_vip and is_first and is_replied) as vip_first_replies,
            sum(wait_s) filter (where is_vip and is_first and is_replied) as vip_first_wait_s,
            count(*) filter (
                where is_vip and not is_bot_contained and age_s > 86400
            ) as vip_mature_24h,
            count(*) filter (
                where is_vip and not is_bot_contained and age_s > 86400 and is_replied
            ) as vip_replied_mature_24h,

            count(*) filter (
                where is_replied and policy_visibility is not null
            ) as replies_with_policy,
            count(*) filter (
                where is_replied and reply_visibility = policy_visibility
            ) as replies_as_policy
        from sliced
        group by started_on, slice_kind, slice_value
    ),

    -- Medians and percentiles are taken from the rows at the grain shown, never from other
    -- aggregates.
    spread as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            {{ percentile_of_seconds("sliced.wait_s", 0.5) }} filter (where sliced.is_first)
            / 3600 as first_wait_median_h,
            {{ percentile_of_seconds("sliced.wait_s", 0.9) }} filter (where sliced.is_first)
            / 3600 as first_wait_p90_h,
            {{ percentile_of_seconds("sliced.wait_s", 0.5) }} filter (
                where not sliced.is_bot_contained
            )
            / 3600 as wait_median_h
        from sliced
        inner join period_days on period_days.date_on = sliced.started_on
        where sliced.is_replied
        group by
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value
    ),

    added as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            counted.slice_kind,
            counted.slice_value,
            {% for count in counts -%} sum(counted.{{ count }}) as {{ count }}, {% endfor %}
            {% for wait in waits -%}
                sum(counted.{{ wait }}_s) / 3600 as {{ wait }}_h {%- if not loop.last %},{% endif %}
            {% endfor %}
        from counted
        inner join period_days on period_days.date_on = counted.started_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            counted.slice_kind,
            counted.slice_value
    ),

    measured as (
        select added.*, spread.first_wait_median_h, spread.first_wait_p90_h, spread.wait_median_h
        from added
        left join
            spread
            on spread.period_kind = added.period_kind
            and spread.period_start_on = added.period_start_on
            and spread.slice_kind = added.slice_kind
            and spread.slice_value = added.slice_value
    ),

    final as (
        {{
            kpi_rows(
                "measured",
                [
                    {
                        "id": "K03",
                        "numerator": "needs_response_turns",
                        "n": "needs_response_turns",
                    },
                    {"id": "K04", "numerator": "first_wait_h", "denominator": "first_replies"},
                    {"id": "K05", "value": "first_wait_median_h", "n": "first_replies"},
                    {"id": "K05_p90", "value": "first_wait_p90_h", "n": "first_replies"},
                    {
                        "id": "K06",
                        "numerator": "first_wait_business_h",
                        "denominator": "first_replies",
                    },
                    {"id": "K07", "numerator": "within_4h", "denominator": "decided_4h"},
                    {"id": "K08", "numerator": "within_1h", "denominator": "decided_1h"},
                    {
                        "id": "K09",
                        "numerator": "technical_wait_h",
                        "denominator": "technical_replies",
                    },
                    {"id": "K10", "numerator": "first_wait_h", "denominator": "first_replies"},
                    {"id": "K12", "numerator": "replies_wait_h", "denominator": "replies"},
                    {"id": "K12_median", "value": "wait_median_h", "n": "replies"},
                    {
                        "id": "K13",
                        "numerator": "replied_mature_24h",
                        "denominator": "mature_24h",
                    },
                    {
                        "id": "K13_72h",
                        "numerator": "replied_mature_72h",
                        "denominator": "mature_72h",
                    },
                    {
                        "id": "K17",
                        "numerator": "out_of_hours_turns",
                        "denominator": "first_turns",
                    },
                    {
                        "id": "K17_frt",
                        "numerator": "out_of_hours_wait_h",
                        "denominator": "out_of_hours_replies",
                    },
                    {
                        "id": "K19_frt",
                        "numerator": "vip_first_wait_h",
                        "denominator": "vip_first_replies",
                    },
                    {
                        "id": "K19_response_rate",
                        "numerator": "vip_replied_mature_24h",
                        "denominator": "vip_mature_24h",
                    },
                    {
                        "id": "K42",
                        "numerator": "replies_as_policy",
                        "denominator": "replies_with_policy",
                    },
                ],
            )
        }}
    )

select *
from final
