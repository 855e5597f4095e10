-- Detects engagement that is counted twice, once by the posts and once by the profile that
-- published them: two views of one thing. A returned row is a total of a mart that is not the sum
-- of one level of fct_engagement alone.
{%- set columns = ["impressions", "engagement_core", "shares", "link_clicks"] %}
with
    engagement as (select * from {{ ref("fct_engagement") }}),

    totals as (
        {% for column in columns %}
            select
                '{{ column }}' as metric,
                sum(case when level = 'post' then {{ column }} end) as of_posts,
                sum(case when level = 'profile' then {{ column }} end) as of_profiles
            from engagement
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    added as (
        {% for column in columns %}
            select
                'kpi_audience_daily' as mart,
                '{{ column }}' as metric,
                sum(post_{{ column }}) as of_posts,
                sum(profile_{{ column }}) as of_profiles
            from {{ ref("kpi_audience_daily") }}

            union all

            select
                'kpi_posts' as mart,
                '{{ column }}' as metric,
                sum({{ column }}) as of_posts,
                (select of_profiles from totals where metric = '{{ column }}') as of_profiles
            from {{ ref("kpi_posts") }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )

select added.mart, added.metric, added.of_posts, added.of_profiles
from added
inner join totals on totals.metric = added.metric
where
    added.of_posts is distinct from totals.of_posts
    or added.of_profiles is distinct from totals.of_profiles
