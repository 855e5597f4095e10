{%- set counts = [
    "received_messages",
    "to_us",
    "about_us",
    "actioned",
    "service",
    "untagged",
    "brand_love_messages",
] -%}

with
    messages as (select * from {{ ref("fct_messages") }}),

    slices as (select * from {{ ref("kpi_message_slices") }}),

    message_tags as (select * from {{ ref("int_message_tags") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    periods as (select * from {{ ref("dim_period") }}),

    tagged as (
        select message_key, max(case when tag_kind = 'service' then 1 else 0 end) as is_service
        from message_tags
        group by message_key
    ),

    received as (
        select
            messages.message_key,
            messages.sent_on,
            messages.directedness,
            messages.is_brand_love,
            messages.is_actioned,
            coalesce(tagged.is_service, 0) = 1 as is_service,
            tagged.message_key is null as is_untagged
        from messages
        left join tagged on tagged.message_key = messages.message_key
        where messages.direction = 'in' and not messages.is_spam and not messages.is_own
    ),

    -- By day first: a day is of a week, a month and a quarter.
    counted_a_day as (
        select
            received.sent_on,
            slices.slice_kind,
            slices.slice_value,
            count(*) as received_messages,
            count(*) filter (where received.directedness = 'to_us') as to_us,
            count(*) filter (where received.directedness = 'about_us') as about_us,
            count(*) filter (where received.is_actioned) as actioned,
            count(*) filter (where received.is_service) as service,
            count(*) filter (where received.is_untagged) as untagged,
            count(*) filter (where received.is_brand_love) as brand_love_messages
        from received
        inner join slices on slices.message_key = received.message_key
        group by received.sent_on, slices.slice_kind, slices.slice_value
    ),

    counted as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            counted_a_day.slice_kind,
            counted_a_day.slice_value,
            {% for count in counts -%}
                sum(counted_a_day.{{ count }}) as {{ count }} {%- if not loop.last %},{% endif %}
            {% endfor %}
        from counted_a_day
        inner join period_days on period_days.date_on = counted_a_day.sent_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            counted_a_day.slice_kind,
            counted_a_day.slice_value
    ),

    quarters as (select * from counted where period_kind = 'quarter'),

    -- A quarter without a single message after one with some is a fall of 100 %, so the earlier
    -- quarter leads the join.
    growth as (
        select
            periods.period_kind,
            periods.period_start_on,
            before.slice_kind,
            before.slice_value,
            coalesce(quarters.brand_love_messages, 0) as brand_love_messages,
            before.brand_love_messages as brand_love_before
        from quarters as before
        inner join
            periods
            on periods.period_kind = 'quarter'
            and periods.period_start_on = {{ add_months("before.period_start_on", 3) }}
        left join
            quarters
            on quarters.period_start_on = periods.period_start_on
            and quarters.slice_kind = before.slice_kind
            and quarters.slice_value = before.slice_value
        where before.brand_love_messages > 0
    ),

    final as (
        {{
            kpi_rows(
                "counted",
                [
                    {"id": "K01", "numerator": "received_messages", "n": "received_messages"},
                    {"id": "K01_to_us", "numerator": "to_us", "n": "to_us"},
                    {"id": "K01_about_us", "numerator": "about_us", "n": "about_us"},
                    {"id": "K02", "numerator": "about_us", "denominator": "received_messages"},
                    {"id": "K14", "numerator": "actioned", "denominator": "received_messages"},
                    {"id": "K47", "numerator": "service", "denominator": "received_messages"},
                    {
                        "id": "K47_untagged",
                        "numerator": "untagged",
                        "denominator": "received_messages",
                    },
                    {"id": "K48", "numerator": "brand_love_messages", "n": "brand_love_messages"},
                ],
            )
        }}
        union all
        {{
            kpi_row(
                "growth",
                "K50",
                value="brand_love_messages / brand_love_before - 1",
                numerator="brand_love_messages",
                denominator="brand_love_before",
                n="brand_love_before",
            )
        }}
    )

select *
from final
