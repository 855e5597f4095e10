{%- set columns = [
    "event_key",
    "source",
    "visitor_key",
    "user_key",
    "occurred_at",
    "is_clock_skewed",
    "order_1",
    "order_2",
    "order_3",
    "event_name",
    "page_url",
    "referrer_url",
    "reported_source",
    "reported_medium",
    "reported_campaign",
    "reported_campaign_id",
    "reported_term",
    "reported_content",
    "reported_click_id",
    "is_engaged_session",
    "engagement_time_msec",
] %}

with
    -- Without a visitor (no consent) nothing ties two events together: they form no session.
    named as (
        select *
        from {{ ref("int_web_events") }}
        where visitor_id is not null and natural_session_id is not null
    ),

    unnamed as (
        select *
        from {{ ref("int_web_events") }}
        where visitor_id is not null and natural_session_id is null
    ),

    silent_visits as (select * from {{ ref("int_web_silent_visits") }}),

    -- A session is its id, however many midnights it crosses; the id alone is not unique.
    final as (
        select
            {% for column in columns %} named.{{ column }}, {% endfor %}
            named.natural_session_id as session_name,
            {{ surrogate_key(["named.source", "named.visitor_key", "named.natural_session_id"]) }}
            as session_key
        from named

        union all

        select
            {% for column in columns %} unnamed.{{ column }}, {% endfor %}
            silent_visits.session_name,
            {{
                surrogate_key(
                    ["unnamed.source", "unnamed.visitor_key", "silent_visits.session_name"]
                )
            }} as session_key
        from unnamed
        inner join silent_visits on silent_visits.event_key = unnamed.event_key
    )

select *
from final
