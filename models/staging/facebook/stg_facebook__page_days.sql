{#- Each number of a day, and what the insights of a page call it, the newer name first. -#}
{%- set counts = {
    "followers": ["page_follows", "page_fans"],
    "followers_gained": ["page_daily_follows", "page_fan_adds"],
    "followers_lost": ["page_daily_unfollows", "page_fan_removes"],
    "impressions": ["page_media_view", "page_impressions"],
    "reach": ["page_total_media_view_unique", "page_impressions_unique"],
    "reach_organic": [
        "page_impressions_organic_unique_v2",
        "page_impressions_organic_unique",
    ],
    "reach_paid": ["page_impressions_paid_unique"],
    "engagements": ["page_post_engagements"],
    "page_views": ["page_views_total"],
    "video_views": ["page_video_views"],
    "reactions_like": ["page_actions_post_reactions_like_total"],
    "reactions_love": ["page_actions_post_reactions_love_total"],
    "reactions_haha": ["page_actions_post_reactions_haha_total"],
    "reactions_wow": ["page_actions_post_reactions_wow_total"],
    "reactions_sad": ["page_actions_post_reactions_sorry_total"],
    "reactions_angry": ["page_actions_post_reactions_anger_total"],
} -%}
{#- Kinds of reactions within one number. -#}
{%- set kinds = {
    "reactions_like": "like",
    "reactions_love": "love",
    "reactions_haha": "haha",
    "reactions_wow": "wow",
    "reactions_sad": "sorry",
    "reactions_angry": "anger",
} -%}

{#- What the title of a table of one number says the number is. A file may have the tables of both
    networks below each other. -#}
{%- set titles = {
    "followers_gained": "(^|facebook[ -])(follows|new follow)",
    "impressions": "(^|facebook[ -])(views|aufrufe)",
    "reach": "(^|facebook[ -])(reach|reichweite)",
    "engagements": "(^|facebook[ -]|content[ -])(interactions|interaktionen)",
    "page_views": "(^|facebook[ -])(visits|besuche)",
} -%}

with
    exported as (select * from {{ stream("facebook", "pages") }}),

    known as ({{ stamped_days("exported") }}),

    placed as (
        select
            *,
            coalesce(
                page_id, {{ regex_group("insight", "'^([0-9]+)/'") }}, page_folder, 'facebook'
            ) as known_page_id,
            {{ stamped_day() }} as metric_on,
            {{ stamped_day_zone() }} as day_zone,
            {{ stamped_days_covered() }} as window_days
        from known
        where metric is not null or date is not null
    ),

    united as (
        select
            known_page_id as page_id,
            metric_on,
            window_days,
            snapshot_at,
            max(page_name) as page_name,
            max(day_zone) as day_zone,
            {% for count, words in counts.items() -%}
                {{
                    number_of_day(
                        count,
                        words,
                        title=titles.get(count),
                        insight="page_actions_post_reactions_total",
                        kind=kinds.get(count),
                    )
                }} as {{ count }} {%- if not loop.last %},{% endif %}
            {% endfor %}
        from placed
        where window_days is not null and metric_on <= cast({{ as_of() }} as date)
        group by known_page_id, metric_on, window_days, snapshot_at
    ),

    final as (
        select
            {{ surrogate_key(["page_id", "metric_on", "window_days", "snapshot_at"]) }}
            as page_day_key,
            page_id,
            page_name,

            metric_on,
            day_zone,
            window_days,
            snapshot_at as exported_at,

            {% for count in counts -%} {{ count }} {%- if not loop.last %},{% endif %} {% endfor %}
        from united
    )

select *
from final
