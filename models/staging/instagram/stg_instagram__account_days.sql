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
    exported as (select * from {{ source("instagram", "account") }}),

    known as (
        select
            *,
            {{ snapshot_instant() }} as snapshot_at,
            coalesce(end_time, date) as stamped_at,
            date_is_day or date = cast(cast(date as date) as timestamp) as is_plain_day
        from exported
        where {{ is_known_export() }}
    ),

    -- A day alone, or its midnight, is the network's own; another instant is when it ended.
    placed as (
        select
            *,
            coalesce(account_id, {{ regex_group("insight", "'^([0-9]+)/'") }}) as known_account_id,
            lower({{ regex_remove("coalesce(username, account_folder)", "'^@'") }}) as handle,
            case
                when metric is null and is_plain_day
                then cast(date as date)
                else {{ day_that_ended_at("stamped_at") }}
            end as metric_on,
            case
                when metric is null and is_plain_day
                then 'America/Los_Angeles'
                else {{ zone_of_day_that_ended_at("stamped_at") }}
            end as day_zone,
            case when metric is null then 1 else {{ days_of_period("period") }} end as window_days
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
                coalesce(
                    max({{ count }})
                    {%- if count in titles %}
                        ,
                        max(
                            case
                                when
                                    {{
                                        regex_matches(
                                            "lower(table_title)", "'" ~ titles[count] ~ "'"
                                        )
                                    }}
                                then table_value
                            end
                        )
                    {%- endif %}
                    {%- for word in words %}
                        ,
                        max(
                            case
                                when metric = '{{ word }}'
                                then cast({{ try_number("value") }} as bigint)
                            end
                        )
                    {%- endfor %},
                    null
                ) as {{ count }}
                {%- if not loop.last %},{% endif %}
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
