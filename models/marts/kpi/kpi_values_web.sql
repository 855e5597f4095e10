with
    -- What no person can have done is no traffic.
    sessions as (select * from {{ ref("fct_web_sessions") }} where not is_automated),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    dated_sessions as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sessions.visitor_key,
            sessions.network,
            sessions.is_social,
            sessions.post_key,
            sessions.post_match
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

    from_posts as (
        {% for kind, expression in {"overall": "'all'", "network": "network"}.items() %}
            select
                period_kind,
                period_start_on,
                '{{ kind }}' as slice_kind,
                {{ expression }} as slice_value,
                count(post_key) as post_sessions,
                count(case when post_match = 'ambiguous' then 1 end) as ambiguous_sessions
            from dated_sessions
            where post_match is not null and {{ expression }} is not null
            group by period_kind, period_start_on, {{ expression }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
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
        union all
        {{ kpi_row("from_posts", "K70", numerator="post_sessions", n="post_sessions") }}
        union all
        {{
            kpi_row(
                "from_posts",
                "K70_ambiguous",
                numerator="ambiguous_sessions",
                n="ambiguous_sessions",
            )
        }}
    )

select *
from final
