with
    ga4 as (select * from {{ ref("stg_ga4__events") }}),

    web_events as (select * from {{ ref("stg_web_events__events") }}),

    unioned as (
        select
            event_key,
            'ga4' as source,
            visitor_id,
            case
                when visitor_id is not null then {{ surrogate_key(["'ga4'", "visitor_id"]) }}
            end as visitor_key,
            user_id,
            natural_session_id,

            occurred_at,
            property_on as exported_on,
            coalesce(batch_page_id, 0) as order_1,
            coalesce(batch_ordering_id, 0) as order_2,
            coalesce(batch_event_index, 0) as order_3,

            event_name,
            page_url,
            referrer_url,
            manual_source as reported_source,
            manual_medium as reported_medium,
            manual_campaign as reported_campaign,
            manual_campaign_id as reported_campaign_id,
            manual_term as reported_term,
            manual_content as reported_content,
            case
                when gclid is not null
                then 'gclid'
                when dclid is not null
                then 'dclid'
                when srsltid is not null
                then 'srsltid'
            end as reported_click_id,
            is_engaged_session,

            engagement_time_msec,
            transaction_id,
            cast(null as {{ dbt.type_string() }}) as quote_number,
            revenue,
            currency
        from ga4

        union all

        select
            event_key,
            'web_events' as source,
            visitor_id,
            case
                when visitor_id is not null then {{ surrogate_key(["'web_events'", "visitor_id"]) }}
            end as visitor_key,
            user_id,
            natural_session_id,

            occurred_at,
            site_on as exported_on,
            -- The clock of this source ticks in seconds; a session starts before anything happens
            -- in it.
            case when event_name = 'session_start' then 0 else 1 end as order_1,
            0 as order_2,
            0 as order_3,

            event_name,
            page_url,
            referrer_url,
            reported_source,
            reported_medium,
            cast(null as {{ dbt.type_string() }}) as reported_campaign,
            cast(null as {{ dbt.type_string() }}) as reported_campaign_id,
            cast(null as {{ dbt.type_string() }}) as reported_term,
            cast(null as {{ dbt.type_string() }}) as reported_content,
            case
                when gclid is not null then 'gclid' when fbclid is not null then 'fbclid'
            end as reported_click_id,
            cast(null as boolean) as is_engaged_session,

            cast(null as bigint) as engagement_time_msec,
            case when event_name = 'purchase' then order_id else quote_number end as transaction_id,
            quote_number,
            revenue,
            currency
        from web_events
    ),

    -- The instant is the clock of a device, the day is the export's own. More than a day apart is
    -- more than time zones explain: the clock is wrong.
    checked as (
        select
            *,
            coalesce(
                cast(occurred_at as date) > {{ add_days("exported_on", 1) }}
                or cast(occurred_at as date) < {{ add_days("exported_on", -1) }},
                false
            ) as is_clock_skewed
        from unioned
    ),

    -- Of an event with a wrong clock only its day is known; it stands at noon of that day.
    final as (
        select
            event_key,
            source,
            visitor_id,
            visitor_key,
            case
                when user_id is not null then {{ surrogate_key(["'user'", "user_id"]) }}
            end as user_key,
            natural_session_id,

            case
                when is_clock_skewed
                then
                    {{
                        local_to_utc(
                            wall_time("exported_on", "'12:00'"),
                            "'" ~ var("reporting_zone") ~ "'",
                        )
                    }}
                else occurred_at
            end as occurred_at,
            is_clock_skewed,
            order_1,
            order_2,
            order_3,

            event_name,
            page_url,
            referrer_url,
            reported_source,
            reported_medium,
            reported_campaign,
            reported_campaign_id,
            reported_term,
            reported_content,
            reported_click_id,
            is_engaged_session,

            engagement_time_msec,
            transaction_id,
            quote_number,
            revenue,
            currency
        from checked
    )

select *
from final
