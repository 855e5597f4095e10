with
    positive as (
        select * from {{ ref("kpi_positive_messages") }} where is_mature and not is_engaged
    ),

    messages as (select * from {{ ref("fct_messages") }}),

    contacts as (select * from {{ ref("dim_contact") }}),

    dates as (select * from {{ ref("dim_date") }}),

    tags as (select * from {{ ref("bridge_message_tags") }} where tag_kind = 'product'),

    products as (select message_key, min(tag_value) as product from tags group by message_key),

    final as (
        select
            messages.message_key,
            messages.contact_key,

            messages.sent_at,
            messages.sent_on,
            dates.quarter_start_on,

            messages.network,
            products.product,
            messages.directedness,
            messages.visibility,
            messages.is_vip,

            contacts.followers as author_followers,
            row_number() over (
                partition by dates.quarter_start_on
                order by
                    coalesce(contacts.followers, -1) desc, messages.sent_at, messages.message_key
            ) as reach_rank
        from positive
        inner join messages on messages.message_key = positive.message_key
        inner join dates on dates.date_on = messages.sent_on
        left join contacts on contacts.contact_key = messages.contact_key
        left join products on products.message_key = messages.message_key
    )

select *
from final
