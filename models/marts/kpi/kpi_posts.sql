{%- set metrics = post_metrics() -%}
{%- set models = ["last_touch", "linear"] -%}

with
    posts as (select * from {{ ref("dim_post") }}),

    engagement as (select * from {{ ref("fct_engagement") }} where level = 'post'),

    described as (select * from {{ ref("int_posts_described") }}),

    aged as (select * from {{ ref("int_posts_aged") }}),

    faulty as (select * from {{ ref("int_post_errors") }}),

    profiles as (select * from {{ ref("kpi_profile_names") }}),

    definitions as (select * from {{ ref("metric_definitions") }} where metric = 'impressions'),

    sessions as (
        select * from {{ ref("fct_web_sessions") }} where post_key is not null and not is_automated
    ),

    attribution as (select * from {{ ref("fct_attribution") }} where is_primary),

    -- All changes of a post together are what it has today.
    earned as (
        select
            post_key,
            {% for metric in metrics -%}
                cast(sum({{ metric }}) as bigint) as {{ metric }},
            {% endfor -%}
            cast(sum(engagement_core) as bigint) as engagement_core
        from engagement
        group by post_key
    ),

    sent as (
        select post_key, count(*) as sessions, count(distinct visitor_key) as visitors
        from sessions
        group by post_key
    ),

    credited as (
        select
            sessions.post_key,
            {% for model in models -%}
                {{ exact_sum("attribution.credit", "attribution.model= '" ~ model ~ "'") }}
                as conversions_{{ model }},
                {{ exact_sum("attribution.credited_value", "attribution.model= '" ~ model ~ "'") }}
                as revenue_{{ model }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from attribution
        inner join sessions on sessions.session_key = attribution.session_key
        group by sessions.post_key
    ),

    versions as (
        select
            posts.post_key,
            max_by(definitions.definition_version, definitions.valid_from_on) as definition_version
        from posts
        inner join
            definitions
            on definitions.network = posts.network
            and definitions.valid_from_on <= posts.posted_on
        group by posts.post_key
    ),

    final as (
        select
            posts.post_key,
            posts.natural_post_id,
            posts.profile_key,

            posts.posted_at,
            posts.posted_on,
            posts.local_hour_of_week,
            posts.last_seen_at,

            posts.network,
            profiles.profile_name,
            posts.product,
            posts.publisher,
            posts.campaign,
            posts.post_type,
            posts.permalink,
            versions.definition_version,
            posts.is_boosted,
            posts.is_deleted,

            {% for metric in metrics -%} earned.{{ metric }}, {% endfor -%}
            described.reach,
            earned.engagement_core,
            earned.engagement_core / nullif(earned.impressions, 0) as engagement_rate,
            earned.shares / nullif(earned.impressions, 0) as amplification_rate,
            earned.link_clicks / nullif(earned.impressions, 0) as click_through_rate,
            aged.age_band,
            aged.engagement_rate as engagement_rate_at_age,

            coalesce(faulty.comments, 0) as error_comments,
            coalesce(sent.sessions, 0) as sessions,
            coalesce(sent.visitors, 0) as visitors,
            {% for model in models -%}
                coalesce(credited.conversions_{{ model }}, 0) as conversions_{{ model }},
                -- Conversions of unknown value are worth something, not nothing.
                case
                    when coalesce(credited.conversions_{{ model }}, 0) = 0
                    then 0
                    else credited.revenue_{{ model }}
                end as revenue_{{ model }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from posts
        inner join described on described.post_key = posts.post_key
        left join earned on earned.post_key = posts.post_key
        left join versions on versions.post_key = posts.post_key
        left join profiles on profiles.profile_key = posts.profile_key
        left join aged on aged.post_key = posts.post_key
        left join faulty on faulty.post_key = posts.post_key
        left join sent on sent.post_key = posts.post_key
        left join credited on credited.post_key = posts.post_key
    )

select *
from final
