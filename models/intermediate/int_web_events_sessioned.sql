with
    events as (select * from {{ ref("int_web_events") }}),

    -- Without a visitor (no consent) nothing ties two events together: they form no session.
    visits as (select * from events where visitor_key is not null),

    -- Events without a session id are cut where the visitor was silent for 30 minutes.
    silences as (
        select
            *,
            {{ seconds_between("lag(occurred_at) over visitor_events", "occurred_at") }}
            as silence_s
        from visits
        where natural_session_id is null
        window
            visitor_events as (
                partition by visitor_key order by occurred_at, order_1, order_2, order_3, event_key
            )
    ),

    numbered as (
        select
            *,
            sum(case when silence_s is null or silence_s >= 1800 then 1 else 0 end) over (
                partition by visitor_key
                order by occurred_at, order_1, order_2, order_3, event_key
                rows between unbounded preceding and current row
            ) as visit_number
        from silences
    ),

    named as (
        select
            *,
            'silence-' || cast(
                min(occurred_at) over (
                    partition by visitor_key, visit_number
                ) as {{ dbt.type_string() }}
            ) as session_name
        from numbered
    ),

    {% set columns = [
        "event_key",
        "source",
        "visitor_key",
        "user_key",
        "natural_session_id",
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
    ] -%}

    -- A session is its id, however many midnights it crosses; the id alone is not unique.
    final as (
        select
            {{ columns | join(", ") }},
            {{ surrogate_key(["source", "visitor_key", "natural_session_id"]) }} as session_key
        from visits
        where natural_session_id is not null

        union all

        select
            {{ columns | join(", ") }},
            {{ surrogate_key(["source", "visitor_key", "session_name"]) }} as session_key
        from named
    )

select *
from final
