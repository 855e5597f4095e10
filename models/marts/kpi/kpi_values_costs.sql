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

    whole_months as (
        select period_start_on as month_on from periods where period_kind = 'month' and is_complete
    ),

    booked as (
        select
            costs.month_on, costs.contact_channel, {{ exact_sum("costs.amount_reporting") }} as cost
        from costs
        inner join whole_months on whole_months.month_on = costs.month_on
        group by costs.month_on, costs.contact_channel
    ),

    contacts as (
        select
            cast(date_trunc('month', opened_on) as date) as month_on,
            'social' as contact_channel,
            count(*) as contacts
        from conversations
        group by cast(date_trunc('month', opened_on) as date)
        union all
        select
            cast(date_trunc('month', date_on) as date) as month_on,
            'phone' as contact_channel,
            sum(calls_answered) as contacts
        from phone
        group by cast(date_trunc('month', date_on) as date)
    ),

    -- Contacts count in the months whose costs are known: the others would make them cheap.
    months as (
        select
            booked.month_on,
            booked.contact_channel,
            booked.cost,
            coalesce(contacts.contacts, 0) as contacts
        from booked
        left join
            contacts
            on contacts.month_on = booked.month_on
            and contacts.contact_channel = booked.contact_channel
    ),

    sliced as (
        select 'channel' as slice_kind, contact_channel as slice_value, month_on, cost, contacts
        from months
        union all
        select 'overall', 'all', month_on, cost, contacts
        from months
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
