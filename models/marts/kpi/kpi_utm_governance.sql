with
    faults as (select * from {{ ref("int_web_link_faults") }}),

    sessions as (select * from {{ ref("fct_web_sessions") }} where not is_automated),

    period_days as (select * from {{ ref("kpi_period_days") }} where period_kind = 'month'),

    cost as (
        select
            period_days.period_start_on as month_on,
            faults.fault_kind,
            faults.fault,
            coalesce(faults.source_as_written, '') as utm_source,
            coalesce(faults.medium_as_written, '') as utm_medium,
            coalesce(faults.campaign_as_written, '') as utm_campaign,
            coalesce(faults.landing_page, '') as landing_page,
            coalesce(sessions.network, 'none') as network,
            sessions.channel_group,
            min(sessions.started_on) as first_seen_on,
            max(sessions.started_on) as last_seen_on,
            count(*) as sessions,
            sum(sessions.primary_conversions) as conversions,
            {{ exact_sum("sessions.revenue") }} as revenue
        from faults
        inner join sessions on sessions.session_key = faults.session_key
        inner join period_days on period_days.date_on = sessions.started_on
        group by
            period_days.period_start_on,
            faults.fault_kind,
            faults.fault,
            coalesce(faults.source_as_written, ''),
            coalesce(faults.medium_as_written, ''),
            coalesce(faults.campaign_as_written, ''),
            coalesce(faults.landing_page, ''),
            coalesce(sessions.network, 'none'),
            sessions.channel_group
    ),

    final as (
        select
            {{
                surrogate_key(
                    [
                        "month_on",
                        "fault",
                        "utm_source",
                        "utm_medium",
                        "utm_campaign",
                        "landing_page",
                        "network",
                        "channel_group",
                    ]
                )
            }} as link_fault_key,

            month_on,
            first_seen_on,
            last_seen_on,

            fault_kind,
            fault,
            utm_source,
            utm_medium,
            utm_campaign,
            landing_page,
            network,
            channel_group,

            cast(sessions as bigint) as sessions,
            cast(conversions as bigint) as conversions,
            revenue
        from cost
    )

select *
from final
