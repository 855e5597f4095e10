with
    costs as (
        select *
        from {{ ref("fct_costs") }}
        where contact_channel is not null and amount_reporting is not null
    ),

    conversations as (select * from {{ ref("fct_conversations") }} where is_handled),

    phone as (select * from {{ ref("fct_phone_daily") }}),

    periods as (select * from {{ ref("dim_period") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    {{ monthly_contacts("costs", "conversations", "phone", "periods") }},

    sliced as (
        select 'channel' as slice_kind, contact_channel as slice_value, month_on, cost, contacts
        from monthly_contacts
        union all
        select 'overall', 'all', month_on, cost, contacts
        from monthly_contacts
    ),

    paid as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            {{ exact_sum("sliced.cost") }} as cost,
            cast(sum(sliced.contacts) as bigint) as contacts
        from sliced
        inner join period_days on period_days.date_on = sliced.month_on
        where period_days.period_kind in ('month', 'quarter')
        group by
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value
    ),

    final as ({{ kpi_row("paid", "K77", numerator="cost", denominator="contacts", n="contacts") }})

select *
from final
