{%- set post_columns = [
    "impressions",
    "engagement_core",
    "shares",
    "link_clicks",
    "video_views",
    "engagements_native",
] -%}
{%- set profile_columns = post_columns + ["profile_views", "posts_published"] -%}

with
    post_engagement as (select * from {{ ref("fct_engagement") }} where level = 'post'),

    profile_engagement as (select * from {{ ref("fct_engagement") }} where level = 'profile'),

    followers as (select * from {{ ref("fct_followers") }}),

    reach as (select * from {{ ref("fct_reach") }} where window_days = 1 and kind = 'total'),

    profiles as (select * from {{ ref("kpi_profile_names") }}),

    from_posts as (
        select
            profile_key,
            metric_on,
            {% for column in post_columns -%}
                cast(sum({{ column }}) as bigint) as post_{{ column }},
            {% endfor -%}
            count(*) filter (where is_restatement) > 0 as has_restatement
        from post_engagement
        group by profile_key, metric_on
    ),

    days as (
        select profile_key, metric_on
        from from_posts
        union
        select profile_key, metric_on
        from profile_engagement
        union
        select profile_key, metric_on
        from followers
        union
        select profile_key, window_end_on as metric_on
        from reach
    ),

    -- The two views of one engagement stand side by side under names of their own.
    final as (
        select
            {{ surrogate_key(["days.profile_key", "days.metric_on"]) }} as audience_day_key,
            days.profile_key,

            days.metric_on,

            profiles.network,
            profiles.profile_name,
            coalesce(profiles.product, 'untagged') as product,
            profile_engagement.definition_version,
            coalesce(from_posts.has_restatement, false)
            or coalesce(profile_engagement.is_restatement, false) as has_restatement,

            followers.followers,
            followers.followers_gained,
            followers.followers_lost,
            followers.followers_change,
            followers.unexplained as unexplained_followers,

            {% for column in post_columns -%} from_posts.post_{{ column }}, {% endfor %}
            {% for column in profile_columns -%}
                profile_engagement.{{ column }} as profile_{{ column | replace("profile_", "") }},
            {% endfor -%}
            reach.reach as day_reach
        from days
        inner join profiles on profiles.profile_key = days.profile_key
        left join
            from_posts
            on from_posts.profile_key = days.profile_key
            and from_posts.metric_on = days.metric_on
        left join
            profile_engagement
            on profile_engagement.profile_key = days.profile_key
            and profile_engagement.metric_on = days.metric_on
        left join
            followers
            on followers.profile_key = days.profile_key
            and followers.metric_on = days.metric_on
        left join
            reach on reach.profile_key = days.profile_key and reach.window_end_on = days.metric_on
    )

select *
from final
