with
    links as (select * from {{ ref("kpi_utm_governance") }}),

    channels as (select * from {{ ref("dim_channel") }}),

    web as (select * from {{ ref("kpi_web_daily") }}),

    period_days as (
        select * from {{ ref("kpi_period_days") }} where period_kind in ('month', 'quarter')
    ),

    -- Links are told by the month, and a quarter is three whole months.
    faults as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            links.fault_kind,
            links.fault,
            count(
                distinct
                {{
                    surrogate_key(
                        [
                            "links.utm_source",
                            "links.utm_medium",
                            "links.utm_campaign",
                            "links.landing_page",
                        ]
                    )
                }}
            ) as links,
            cast(sum(links.sessions) as bigint) as sessions,
            cast(
                sum(case when channels.is_social then links.sessions else 0 end) as bigint
            ) as social_sessions,
            cast(sum(links.conversions) as bigint) as conversions,
            {{ exact_sum("links.revenue") }} as revenue
        from links
        inner join period_days on period_days.date_on = links.month_on
        inner join channels on channels.channel_group = links.channel_group
        group by period_days.period_kind, period_days.period_start_on, links.fault_kind, links.fault
    ),

    traffic as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            cast(sum(web.sessions) as bigint) as all_sessions
        from web
        inner join period_days on period_days.date_on = web.date_on
        group by period_days.period_kind, period_days.period_start_on
    ),

    final as (
        select
            {{ surrogate_key(["faults.period_kind", "faults.period_start_on", "faults.fault"]) }}
            as fault_period_key,

            faults.period_kind,
            faults.period_start_on,

            faults.fault_kind,
            faults.fault,

            faults.links,
            faults.sessions,
            faults.social_sessions,
            faults.sessions / nullif(traffic.all_sessions, 0) as session_share,
            faults.conversions,
            faults.revenue
        from faults
        inner join
            traffic
            on traffic.period_kind = faults.period_kind
            and traffic.period_start_on = faults.period_start_on
    )

select *
from final
