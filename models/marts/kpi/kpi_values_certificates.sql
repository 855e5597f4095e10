with
    posts as (select * from {{ ref("kpi_certificate_posts") }}),

    engagement as (select * from {{ ref("fct_engagement") }} where level = 'post'),

    sessions as (select * from {{ ref("fct_web_sessions") }} where not is_automated),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    sliced_posts as ({{ own_slices("posts", {"overall": "'all'", "network": "network"}) }}),

    posted as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sliced_posts.slice_kind,
            sliced_posts.slice_value,
            count(*) as posts,
            count(*) filter (where sliced_posts.is_answered) as answered
        from sliced_posts
        inner join period_days on period_days.date_on = sliced_posts.posted_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            sliced_posts.slice_kind,
            sliced_posts.slice_value
    ),

    -- One answer may thank for two posts; its clicks are its own.
    answers as (
        select answer_message_key, min(network) as network
        from posts
        where answer_message_key is not null
        group by answer_message_key
    ),

    -- A message and a post of one network have one key, that of the network's own id.
    clicks as (
        select engagement.metric_on, answers.network, engagement.link_clicks
        from engagement
        inner join answers on answers.answer_message_key = engagement.post_key
        where engagement.link_clicks is not null
    ),

    sliced_clicks as ({{ own_slices("clicks", {"overall": "'all'", "network": "network"}) }}),

    clicked as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sliced_clicks.slice_kind,
            sliced_clicks.slice_value,
            sum(sliced_clicks.link_clicks) as clicks
        from sliced_clicks
        inner join period_days on period_days.date_on = sliced_clicks.metric_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            sliced_clicks.slice_kind,
            sliced_clicks.slice_value
    ),

    periods as (select distinct period_kind, period_start_on from period_days),

    slices as (select distinct slice_kind, slice_value from posted),

    reporting as (select distinct slice_kind, slice_value from clicked),

    -- Where nobody ever says how often links were clicked it is not nought, in no period; where
    -- somebody does, it is unknown in a period that has posts and no figure.
    expected as (
        select periods.period_kind, periods.period_start_on, slices.slice_kind, slices.slice_value
        from slices
        cross join periods
        left join
            reporting
            on reporting.slice_kind = slices.slice_kind
            and reporting.slice_value = slices.slice_value
        where reporting.slice_value is null

        union

        select period_kind, period_start_on, slice_kind, slice_value
        from posted

        union

        select period_kind, period_start_on, slice_kind, slice_value
        from clicked
    ),

    followed as (
        select expected.*, clicked.clicks
        from expected
        left join
            clicked
            on clicked.period_kind = expected.period_kind
            and clicked.period_start_on = expected.period_start_on
            and clicked.slice_kind = expected.slice_kind
            and clicked.slice_value = expected.slice_value
    ),

    contents as (select distinct content from posts where content is not null),

    -- The content word says which next step was offered; where it is an id, the page does.
    arrivals as (
        select
            sessions.started_on,
            sessions.primary_conversions,
            case
                when {{ regex_matches("sessions.utm_content", "'[0-9]{5}|^[0-9a-f]{16,}$'") }}
                then coalesce(sessions.landing_page, 'unknown')
                else sessions.utm_content
            end as next_step
        from sessions
        inner join contents on contents.content = sessions.utm_content
    ),

    sliced_arrivals as (
        {{ own_slices("arrivals", {"overall": "'all'", "next_step": "next_step"}) }}
    ),

    arrived as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sliced_arrivals.slice_kind,
            sliced_arrivals.slice_value,
            count(*) as sessions,
            sum(sliced_arrivals.primary_conversions) as conversions
        from sliced_arrivals
        inner join period_days on period_days.date_on = sliced_arrivals.started_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            sliced_arrivals.slice_kind,
            sliced_arrivals.slice_value
    ),

    final as (
        {{
            kpi_rows(
                "posted",
                [
                    {"id": "K53", "numerator": "answered", "denominator": "posts"},
                    {"id": "K53_posts", "numerator": "posts", "n": "posts"},
                ],
            )
        }}
        union all
        {{ kpi_row("followed", "K53_clicks", numerator="clicks", n="clicks") }}
        union all
        {{
            kpi_rows(
                "arrived",
                [
                    {"id": "K53_sessions", "numerator": "sessions", "n": "sessions"},
                    {"id": "K53_conversions", "numerator": "conversions", "n": "sessions"},
                ],
            )
        }}
    )

select *
from final
