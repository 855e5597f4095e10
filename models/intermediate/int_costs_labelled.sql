with
    costs as (select * from {{ ref("stg_costs__monthly") }}),

    roles as (select * from {{ ref("cost_roles") }}),

    broad_roles as (select * from roles where channel is null),

    rates as (select * from {{ ref("int_exchange_rates") }}),

    named as (
        select
            *,
            {{ clean_label("category") }} as category_word,
            coalesce({{ clean_label("channel") }}, '') as channel_word,
            {{ currency_code("currency") }} as currency_code
        from costs
    ),

    -- A row for category and channel comes before one for the category alone.
    final as (
        select
            named.cost_line_key,

            named.month_on,

            named.category,
            named.channel,
            named.campaign,
            {{ clean_label("named.campaign") }} as campaign_label,
            coalesce(exact.role, broad.role, 'other') as role,
            case
                when exact.role is not null then exact.contact_channel else broad.contact_channel
            end as contact_channel,

            named.amount,
            named.currency_code as currency,
            {{ in_reporting_currency("named.amount", "rates") }} as amount_reporting
        from named
        left join
            roles as exact
            on exact.category = named.category_word
            and exact.channel = named.channel_word
        left join broad_roles as broad on broad.category = named.category_word
        left join rates on {{ rate_holds("rates", "named.currency_code", "named.month_on") }}
    )

select *
from final
