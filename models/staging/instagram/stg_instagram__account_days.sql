{#- Each number of a day, and what the insights API calls it, the newer name first. The day's new followers are the API's
    `follower_count`. -#}
{%- set counts = {
    "followers": ["followers_count"],
    "followers_gained": ["follower_count"],
    "followers_lost": [],
    "impressions": ["views", "impressions"],
    "reach": ["reach"],
    "profile_views": ["profile_views"],
    "website_clicks": ["website_clicks"],
    "likes": ["likes"],
    "comments": ["comments"],
    "shares": ["shares"],
    "saves": ["saves"],
    "engagements": ["total_interactions"],
} -%}

{#- What the title of a table of one number says the number is. A file may have the tables of both
    networks below each other. -#}
{%- set titles = {
    "followers_gained": "(^|instagram[ -])(follows|new follow)",
    "impressions": "(^|instagram[ -])(views|aufrufe)",
    "reach": "(^|instagram[ -])(reach|reichweite)",
    "engagements": "(^|instagram[ -]|content[ -])(interactions|interaktionen)",
    "profile_views": "(^|instagram[ -]|profile[ -])(visits|besuche)",
    "website_clicks": "(^|instagram[ -])link",
} -%}

with
    exported as (select * from {{ stream("instagram", "account") }}),

    known as ({{ stamped_days("exported") }}),

    placed as (
        select
            *,
            coalesce(account_id, {{ regex_group("insight", "'^([0-9]+)/'") }}) as known_account_id,
            lower({{ regex_remove("coalesce(username, account_folder)", "'^@'") }}) as handle,
            {{ stamped_day() }} as metric_on,
            {{ stamped_day_zone() }} as day_zone,
            {{ stamped_days_covered() }} as window_days
        from known
    ),

    united as (
        select
            known_account_id as account_id,
            handle,
            metric_on,
            window_days,
            snapshot_at,
            max(day_zone) as day_zone,
            {% for count, words in counts.items() -%}
                {{
                    number_of_day(
                        count,
                        words,
                        title=titles.get(count),
                    )
                }} as {{ count }} {%- if not loop.last %},{% endif %}
            {% endfor %}
        from placed
        where window_days is not null and metric_on <= cast({{ as_of() }} as date)
        group by known_account_id, handle, metric_on, window_days, snapshot_at
    ),

    final as (
        select
            {{ surrogate_key(["account_id", "handle", "metric_on", "window_days", "snapshot_at"]) }}
            as account_day_key,
            account_id,
            handle,

            metric_on,
            day_zone,
            window_days,
            snapshot_at as exported_at,

            {% for count in counts -%} {{ count }} {%- if not loop.last %},{% endif %} {% endfor %}
        from united
    )

select *
from final
