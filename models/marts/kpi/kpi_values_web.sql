{%- set models = ["last_touch", "last_non_direct", "first_touch", "linear"] -%}

with
    sessions as (select * from {{ ref("fct_web_sessions") }}),

    attribution as (select * from {{ ref("fct_attribution") }} where is_primary),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    dated_sessions as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sessions.visitor_key,
            sessions.network,
            sessions.is_social
        from sessions
        inner join period_days on period_days.date_on = sessions.started_on
    ),

    traffic as (
        select period_kind, period_start_on, count(*) as all_sessions
        from dated_sessions
        group by period_kind, period_start_on
    ),

    networks as (select distinct network from sessions where network is not null),

    slices as (
        select
            traffic.period_kind,
            traffic.period_start_on,
            'overall' as slice_kind,
            'all' as slice_value,
            traffic.all_sessions
        from traffic

        union all

        select
            traffic.period_kind,
            traffic.period_start_on,
            'network' as slice_kind,
            networks.network as slice_value,
            traffic.all_sessions
        from traffic
        cross join networks
    ),

    social as (
        select
            period_kind,
            period_start_on,
            'overall' as slice_kind,
            'all' as slice_value,
            count(*) as social_sessions,
            count(distinct visitor_key) as social_visitors
        from dated_sessions
        where is_social
        group by period_kind, period_start_on

        union all

        select
            period_kind,
            period_start_on,
            'network' as slice_kind,
            network as slice_value,
            count(*) as social_sessions,
            count(distinct visitor_key) as social_visitors
        from dated_sessions
        where network is not null
        group by period_kind, period_start_on, network
    ),

    -- A network that sent nobody in a month with traffic has a share of nought, not an unknown one.
    measured as (
        select
            slices.period_kind,
            slices.period_start_on,
            slices.slice_kind,
            slices.slice_value,
            slices.all_sessions,
            coalesce(social.social_sessions, 0) as social_sessions,
            coalesce(social.social_visitors, 0) as social_visitors
        from slices
        left join
            social
            on social.period_kind = slices.period_kind
            and social.period_start_on = slices.period_start_on
            and social.slice_kind = slices.slice_kind
            and social.slice_value = slices.slice_value
    ),

    credited_slices as (
        select 'overall' as slice_kind, 'all' as slice_value, attribution.*
        from attribution
        where is_social

        union all

        select 'network' as slice_kind, attribution.network as slice_value, attribution.*
        from attribution
        where network is not null

        union all

        select
            'channel_group' as slice_kind, attribution.channel_group as slice_value, attribution.*
        from attribution
    ),

    credited as (
        select
            credited_slices.model,
            period_days.period_kind,
            period_days.period_start_on,
            credited_slices.slice_kind,
            credited_slices.slice_value,
            {{ exact_sum("credited_slices.credit") }} as credit,
            {{ exact_sum("credited_slices.credited_value") }} as credited_value,
            count(distinct credited_slices.conversion_key) as conversions
        from credited_slices
        inner join period_days on period_days.date_on = credited_slices.converted_on
        group by
            credited_slices.model,
            period_days.period_kind,
            period_days.period_start_on,
            credited_slices.slice_kind,
            credited_slices.slice_value
    ),

    final as (
        {{ kpi_row("measured", "K68", numerator="social_sessions", n="social_sessions") }}
        union all
        {{
            kpi_row(
                "measured", "K68_share", numerator="social_sessions", denominator="all_sessions"
            )
        }}
        union all
        {{ kpi_row("measured", "K69", numerator="social_visitors", n="social_visitors") }}
        {% for model in models %}
            union all
            {{
                kpi_row(
                    "credited",
                    "K71_" ~ model,
                    numerator="credit",
                    n="conversions",
                    where="model= '" ~ model ~ "'",
                )
            }}
            union all
            {{
                kpi_row(
                    "credited",
                    "K71_" ~ model ~ "_revenue",
                    numerator="credited_value",
                    n="conversions",
                    where="model= '" ~ model ~ "'",
                )
            }}
        {% endfor %}
    )

select *
from final
