with
    costs as (
        select *
        from {{ ref("fct_costs") }}
        where contact_channel is not null and amount_reporting is not null
    ),

    conversations as (select * from {{ ref("fct_conversations") }} where is_handled),

    phone as (select * from {{ ref("fct_phone_daily") }}),

    periods as (select * from {{ ref("dim_period") }}),

    {{ monthly_contacts("costs", "conversations", "phone", "periods") }},

    final as (
        select
            {{ surrogate_key(["month_on", "contact_channel"]) }} as contact_cost_key,
            month_on,
            contact_channel,
            cost as contact_cost,
            cast(contacts as bigint) as contacts
        from monthly_contacts
    )

select *
from final
