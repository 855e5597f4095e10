with
    messages as (select * from {{ ref("fct_messages") }}),

    slices as (select * from {{ ref("kpi_message_slices") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    periods as (select * from {{ ref("dim_period") }}),

    received as (
        select message_key, sent_on, is_brand_love
        from messages
        where direction = 'in' and not is_spam and not is_own
    ),

    counted as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            slices.slice_kind,
            slices.slice_value,
            count(*) as received_messages,
            count(*) filter (where received.is_brand_love) as brand_love_messages
        from received
        inner join slices on slices.message_key = received.message_key
        inner join period_days on period_days.date_on = received.sent_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            slices.slice_kind,
            slices.slice_value
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
            coalesce(quarters.brand_love_messages, 0) as numerator,
            before.brand_love_messages as denominator
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
        {{ kpi_row("counted", "K01", numerator="received_messages", n="received_messages") }}
        union all
        {{ kpi_row("counted", "K48", numerator="brand_love_messages", n="brand_love_messages") }}
        union all
        select
            period_kind,
            period_start_on,
            'K50' as kpi_id,
            slice_kind,
            slice_value,
            numerator * 1.0 / denominator - 1 as value,
            numerator,
            denominator,
            denominator as n
        from growth
    )

select *
from final
