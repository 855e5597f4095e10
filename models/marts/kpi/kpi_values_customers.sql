with
    customers as (select * from {{ ref("dim_customer") }}),

    contacts as (select * from {{ ref("bridge_customer_contacts") }} where not is_ambiguous),

    orders as (select * from {{ ref("fct_orders") }} where is_sale and customer_key is not null),

    conversations as (select * from {{ ref("fct_conversations") }} where not is_spam),

    messages as (
        select conversation_key
        from {{ ref("fct_messages") }}
        where
            direction = 'in'
            and sentiment = 'negative'
            and not is_own
            and not is_spam
            and not is_bot
    ),

    period_days as (select * from {{ ref("kpi_period_days") }} where period_kind = 'quarter'),

    last_days as (
        select period_kind, period_start_on, max(date_on) as last_on
        from period_days
        group by period_kind, period_start_on
    ),

    -- Customers of a quarter: who was one on at least one of its days.
    members as (
        select
            last_days.period_kind,
            last_days.period_start_on,
            last_days.last_on,
            customers.customer_key
        from last_days
        inner join customers on customers.became_customer_on <= last_days.last_on
        where customers.left_on is null or customers.left_on > last_days.period_start_on
    ),

    following as (
        select distinct
            members.period_kind, members.period_start_on, members.customer_key, contacts.network
        from members
        inner join contacts on contacts.customer_key = members.customer_key
        where
            contacts.is_follower
            and (
                contacts.followed_since_on is null or contacts.followed_since_on <= members.last_on
            )
    ),

    follower_slices as (
        select distinct
            period_kind,
            period_start_on,
            customer_key,
            'overall' as slice_kind,
            'all' as slice_value
        from following
        union all
        select period_kind, period_start_on, customer_key, 'network', network
        from following
    ),

    spent as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            orders.customer_key,
            {{ exact_sum("orders.value") }} as revenue
        from orders
        inner join period_days on period_days.date_on = orders.ordered_on
        group by period_days.period_kind, period_days.period_start_on, orders.customer_key
    ),

    everybody as (
        select
            members.period_kind,
            members.period_start_on,
            count(*) as customers,
            coalesce({{ exact_sum("spent.revenue") }}, 0.0) as revenue
        from members
        left join
            spent
            on spent.period_kind = members.period_kind
            and spent.period_start_on = members.period_start_on
            and spent.customer_key = members.customer_key
        group by members.period_kind, members.period_start_on
    ),

    followers as (
        select
            follower_slices.period_kind,
            follower_slices.period_start_on,
            follower_slices.slice_kind,
            follower_slices.slice_value,
            count(*) as followers,
            coalesce({{ exact_sum("spent.revenue") }}, 0.0) as revenue
        from follower_slices
        left join
            spent
            on spent.period_kind = follower_slices.period_kind
            and spent.period_start_on = follower_slices.period_start_on
            and spent.customer_key = follower_slices.customer_key
        group by
            follower_slices.period_kind,
            follower_slices.period_start_on,
            follower_slices.slice_kind,
            follower_slices.slice_value
    ),

    -- Where nobody is known to follow us, the match rate is zero.
    networks as (select distinct network from contacts),

    slices as (
        select period_kind, period_start_on, 'overall' as slice_kind, 'all' as slice_value
        from everybody
        union all
        select everybody.period_kind, everybody.period_start_on, 'network', networks.network
        from everybody
        cross join networks
    ),

    matched as (
        select
            slices.period_kind,
            slices.period_start_on,
            slices.slice_kind,
            slices.slice_value,
            everybody.customers,
            coalesce(followers.followers, 0) as followers,
            coalesce(followers.revenue, 0.0) as follower_revenue,
            everybody.customers - coalesce(followers.followers, 0) as others,
            everybody.revenue - coalesce(followers.revenue, 0.0) as other_revenue,
            coalesce(followers.followers, 0) / everybody.customers
            >= {{ var("follower_match_floor") }} as is_enough
        from slices
        inner join
            everybody
            on everybody.period_kind = slices.period_kind
            and everybody.period_start_on = slices.period_start_on
        left join
            followers
            on followers.period_kind = slices.period_kind
            and followers.period_start_on = slices.period_start_on
            and followers.slice_kind = slices.slice_kind
            and followers.slice_value = slices.slice_value
    ),

    -- Too few matches say nothing about followers: the value is withheld, its parts are shown.
    valued as (
        select
            *,
            case
                when is_enough then follower_revenue / nullif(followers, 0)
            end as revenue_per_follower,
            follower_revenue / nullif(followers, 0) as mean_of_followers,
            other_revenue / nullif(others, 0) as mean_of_others
        from matched
    ),

    indexed as (
        select
            *,
            case
                when is_enough then mean_of_followers / nullif(mean_of_others, 0)
            end as spend_index
        from valued
    ),

    negative as (select distinct conversation_key from messages),

    -- The first unhappy conversation of a customer in the quarter decides whether they were
    -- answered. One whose ninety days are not over says nothing yet.
    unhappy as (
        select {{ all_but("place") }}
        from
            (
                select
                    period_days.period_kind,
                    period_days.period_start_on,
                    contacts.customer_key,
                    conversations.human_replies > 0 as is_answered,
                    customers.left_on is null
                    or customers.left_on
                    > {{ add_days("conversations.opened_on", 90) }} as is_retained,
                    row_number() over (
                        partition by
                            period_days.period_kind,
                            period_days.period_start_on,
                            contacts.customer_key
                        order by conversations.opened_at, conversations.conversation_key
                    ) as place
                from conversations
                inner join negative on negative.conversation_key = conversations.conversation_key
                inner join contacts on contacts.contact_key = conversations.contact_key
                inner join customers on customers.customer_key = contacts.customer_key
                inner join period_days on period_days.date_on = conversations.opened_on
                where
                    customers.became_customer_on <= conversations.opened_on
                    and (customers.left_on is null or customers.left_on > conversations.opened_on)
                    and {{ add_days("conversations.opened_on", 90) }}
                    < cast({{ reporting_date(as_of()) }} as date)
            )
        where place = 1
    ),

    kept as (
        select
            period_kind,
            period_start_on,
            'overall' as slice_kind,
            'all' as slice_value,
            count(*) filter (where is_answered) as answered,
            count(*) filter (where is_answered and is_retained) as answered_retained,
            count(*) filter (where not is_answered) as ignored,
            count(*) filter (where not is_answered and is_retained) as ignored_retained
        from unhappy
        group by period_kind, period_start_on
    ),

    final as (
        {{
            kpi_rows(
                "indexed",
                [
                    {
                        "id": "K75",
                        "value": "revenue_per_follower",
                        "numerator": "follower_revenue",
                        "denominator": "followers",
                        "n": "followers",
                    },
                    {
                        "id": "K75_match_rate",
                        "numerator": "followers",
                        "denominator": "customers",
                    },
                    {
                        "id": "K75_index",
                        "value": "spend_index",
                        "numerator": "mean_of_followers",
                        "denominator": "mean_of_others",
                        "n": "followers",
                        "where": "slice_kind = 'overall'",
                    },
                ],
            )
        }}
        union all
        {{
            kpi_rows(
                "kept",
                [
                    {"id": "K76", "numerator": "answered_retained", "denominator": "answered"},
                    {
                        "id": "K76_ignored",
                        "numerator": "ignored_retained",
                        "denominator": "ignored",
                    },
                ],
            )
        }}
    )

select *
from final
