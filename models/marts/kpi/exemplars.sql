with
    messages as (select * from {{ ref("int_messages_classified") }}),

    dates as (select * from {{ ref("dim_date") }}),

    identities as (select * from {{ ref("int_contacts") }}),

    tags as (select * from {{ ref("bridge_message_tags") }} where tag_kind = 'product'),

    products as (select message_key, min(tag_value) as product from tags group by message_key),

    loved as (
        select
            'K48' as kpi_id,
            dates.quarter_start_on,
            dates.month_start_on,
            messages.message_key,
            messages.network,
            products.product,
            messages.sent_at,
            messages.message_text,
            identities.followers as author_reach
        from messages
        inner join dates on dates.date_on = {{ reporting_date("messages.sent_at") }}
        left join products on products.message_key = messages.message_key
        left join identities on identities.contact_key = messages.contact_key
        -- What was said in private is never quoted.
        where
            messages.is_brand_love and not messages.is_private and messages.message_text is not null
    ),

    ranked as (
        select
            *,
            row_number() over (
                partition by quarter_start_on
                order by coalesce(author_reach, 0) desc, sent_at, message_key
            ) as reach_rank,
            row_number() over (
                partition by month_start_on
                order by coalesce(author_reach, 0) desc, sent_at, message_key
            ) as reach_rank_of_month
        from loved
    ),

    -- A month in which nobody had the reach of the quarter's best has examples too.
    final as (
        select
            kpi_id,
            quarter_start_on,
            message_key,
            network,
            product,
            sent_at,
            message_text,
            author_reach,
            reach_rank
        from ranked
        where reach_rank <= 12 or reach_rank_of_month <= 6
    )

select *
from final
