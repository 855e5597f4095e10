{#- Steps of a query, the last of which is called monthly_contacts: what a channel cost in a month and how many contacts it
    handled. Both the scorecard and kpi_contact_costs read it. -#}
{% macro monthly_contacts(costs, conversations, phone, periods) -%}
    whole_months as (
        select period_start_on as month_on
        from {{ periods }} as periods
        where period_kind = 'month' and is_complete
    ),

    booked as (
        select
            costs.month_on, costs.contact_channel, {{ exact_sum("costs.amount_reporting") }} as cost
        from {{ costs }} as costs
        inner join whole_months on whole_months.month_on = costs.month_on
        group by costs.month_on, costs.contact_channel
    ),

    contacts as (
        select
            cast(date_trunc('month', opened_on) as date) as month_on,
            'social' as contact_channel,
            count(*) as contacts
        from {{ conversations }} as conversations
        group by cast(date_trunc('month', opened_on) as date)
        union all
        select
            cast(date_trunc('month', date_on) as date) as month_on,
            'phone' as contact_channel,
            sum(calls_answered) as contacts
        from {{ phone }} as phone
        group by cast(date_trunc('month', date_on) as date)
    ),

    -- Contacts count in the months whose costs are known: the others would make them cheap.
    monthly_contacts as (
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
    )
{%- endmacro %}
