{%- set feed = ["source", "feed", "network", "profile_key"] -%}
{%- set yesterday = add_days("cast(" ~ reporting_date(as_of()) ~ " as date)", -1) -%}
{%- set no_profile = "cast(null as " ~ dbt.type_string() ~ ")" -%}

with
    messages as (select * from {{ ref("fct_messages") }}),

    message_profiles as (select * from {{ ref("bridge_message_profiles") }}),

    profiles as (select * from {{ ref("dim_profile") }}),

    profile_days as (select * from {{ ref("int_profile_days") }}),

    mentions as (select * from {{ ref("fct_mentions") }}),

    sessions as (select * from {{ ref("fct_web_sessions") }}),

    phone as (select * from {{ ref("fct_phone_daily") }}),

    ad_spend as (select * from {{ ref("fct_ad_spend") }}),

    orders as (select * from {{ ref("fct_orders") }}),

    exports as (select * from {{ ref("int_exports_read") }}),

    dates as (select * from {{ ref("dim_date") }}),

    export_gaps as (
        select
            source,
            exported_on,
            {{
                days_between(
                    "lag(exported_on) over (partition by source order by exported_on)",
                    "exported_on",
                )
            }} as gap_days
        from (select distinct source, exported_on from exports) as each_once
    ),

    -- How often a source is exported: the longest time between two exports of a quarter.
    rhythms as (
        select
            source,
            max(exported_on) as last_export_on,
            coalesce(
                max(case when exported_on > {{ add_days(yesterday, -120) }} then gap_days end), 0
            ) as usual_export_days
        from export_gaps
        group by source
    ),

    fed as (
        -- A message in two tools is a row of both.
        select
            profiles.source,
            'messages' as feed,
            messages.network,
            profiles.profile_key,
            messages.sent_on as day_on,
            count(*) as row_count
        from message_profiles
        inner join messages on messages.message_key = message_profiles.message_key
        inner join profiles on profiles.profile_key = message_profiles.profile_key
        group by profiles.source, messages.network, profiles.profile_key, messages.sent_on
        union all
        select source, 'profile_days', network, profile_key, metric_on, count(*)
        from profile_days
        group by source, network, profile_key, metric_on
        union all
        select source, 'mentions', network, {{ no_profile }}, sent_on, count(distinct mention_key)
        from mentions
        group by source, network, sent_on
        union all
        select source, 'web_sessions', {{ no_profile }}, {{ no_profile }}, started_on, count(*)
        from sessions
        group by source, started_on
        union all
        select 'phone', 'phone_days', {{ no_profile }}, {{ no_profile }}, date_on, count(*)
        from phone
        group by date_on
        union all
        select 'ad_spend', 'ad_days', network, {{ no_profile }}, date_on, count(*)
        from ad_spend
        group by network, date_on
        union all
        select 'crm', 'orders', {{ no_profile }}, {{ no_profile }}, ordered_on, count(*)
        from orders
        group by ordered_on
    ),

    keyed as (
        select {{ surrogate_key(feed) }} as feed_key, *
        from fed
        where day_on is not null and source is not null
    ),

    -- A feed that fell silent before the days that are told is over.
    feeds as (
        select feed_key, source, feed, network, profile_key, min(day_on) as first_on
        from keyed
        group by feed_key, source, feed, network, profile_key
        having max(day_on) >= {{ add_days(yesterday, "-" ~ var("quality_days")) }}
    ),

    filled as (
        select
            feeds.feed_key,
            feeds.source,
            feeds.feed,
            feeds.network,
            feeds.profile_key,
            dates.date_on as day_on,
            {{ iso_weekday("dates.date_on") }} as weekday,
            coalesce(keyed.row_count, 0) as row_count
        from feeds
        inner join dates on dates.date_on >= feeds.first_on and dates.date_on <= {{ yesterday }}
        left join keyed on keyed.feed_key = feeds.feed_key and keyed.day_on = dates.date_on
    ),

    followed as (
        select
            *,
            max(case when row_count > 0 then day_on end) over (
                partition by feed_key
                order by day_on
                rows between unbounded preceding and current row
            ) as last_row_on,
            max(case when row_count > 0 then day_on end) over (
                partition by feed_key
                order by day_on
                rows between unbounded preceding and 1 preceding
            ) as previous_row_on,
            count(*) over same_weekday as weeks,
            count(case when row_count > 0 then 1 end) over same_weekday as weeks_with_rows,
            sum(row_count) over same_weekday as weekday_rows,
            sum(row_count * row_count) over same_weekday as weekday_squares
        from filled
        window
            same_weekday as (
                partition by feed_key, weekday
                order by day_on
                rows between 8 preceding and 1 preceding
            )
    ),

    measured as (
        select
            *,
            {{ days_between("last_row_on", "day_on") }} as age_days,
            case
                when row_count > 0 then {{ days_between("previous_row_on", "day_on") }}
            end as gap_days,
            case when weeks >= 4 then cast(weekday_rows as double) / weeks end as usual_rows,
            -- Whole numbers are added, so the order of rows does not show in the last digit.
            case
                when weeks >= 4
                then
                    sqrt(
                        cast(weeks * weekday_squares - weekday_rows * weekday_rows as double)
                        / (weeks * (weeks - 1))
                    )
            end as usual_spread
        from followed
    ),

    judged as (
        select
            *,
            max(gap_days) over (
                partition by feed_key order by day_on rows between 90 preceding and 1 preceding
            ) as usual_gap_days,
            -- Messages come in conversations: their own spread says whether a day may be empty.
            weeks >= 4
            and case
                when feed in ('profile_days', 'phone_days')
                then 2 * weeks_with_rows >= weeks
                else usual_rows >= 5 and usual_rows >= 2 * usual_spread
            end as is_expected
        from measured
    ),

    final as (
        select
            {{ surrogate_key(["judged.feed_key", "judged.day_on"]) }} as feed_day_key,
            judged.feed_key,
            judged.profile_key,

            judged.day_on,
            judged.last_row_on,
            rhythms.last_export_on,

            judged.source,
            judged.feed,
            judged.network,

            is_expected,
            is_expected and row_count = 0 as is_missing,
            -- A source that is exported once a month owes nothing in between.
            coalesce(
                rhythms.last_export_on > judged.day_on
                or {{ days_between("rhythms.last_export_on", yesterday) }}
                > rhythms.usual_export_days,
                true
            ) as is_due,
            row_count > 0
            and usual_rows is not null
            and (usual_rows >= 5 or row_count >= 20)
            and abs(row_count - usual_rows)
            > 4 * greatest(usual_spread, sqrt(greatest(usual_rows, 1))) as is_unusual,
            -- Twice the longest silence of a quarter, or that and the time to the next export, and
            -- never before the third day; what was silent for a quarter has ended.
            weeks >= 4
            and usual_gap_days is not null
            and age_days > greatest(
                2, 2 * usual_gap_days, usual_gap_days + coalesce(rhythms.usual_export_days, 0)
            )
            and age_days <= 90 as is_stale,

            row_count,
            usual_rows,
            age_days,
            usual_gap_days,
            coalesce(rhythms.usual_export_days, 0) as usual_export_days
        from judged
        left join rhythms on rhythms.source = judged.source
        where judged.day_on > {{ add_days(yesterday, "-" ~ var("quality_days")) }}
    )

select *
from final
