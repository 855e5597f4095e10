with
    campaigns as (select * from {{ ref("dim_campaign") }}),

    ad_costs as (select * from {{ ref("kpi_ad_costs") }} where campaign_key is not null),

    costs as (
        select * from {{ ref("fct_costs") }} where role <> 'ads' and campaign_key is not null
    ),

    sessions as (
        select *
        from {{ ref("fct_web_sessions") }}
        where campaign_key is not null and not is_automated
    ),

    credits as (
        select * from {{ ref("fct_attribution") }} where is_primary and campaign_key is not null
    ),

    engagement as (select * from {{ ref("fct_engagement") }} where level = 'post'),

    posts as (
        select *, {{ surrogate_key(["'campaign'", clean_label("campaign")]) }} as campaign_key
        from {{ ref("dim_post") }}
        where {{ clean_label("campaign") }} is not null
    ),

    mentions as (select distinct mention_key, sent_on, is_by_us from {{ ref("fct_mentions") }}),

    named as (
        select distinct
            mention_key,
            {{ surrogate_key(["'campaign'", clean_label("campaign")]) }} as campaign_key
        from {{ ref("bridge_mention_keywords") }}
        where campaign is not null and is_in_window
    ),

    period_days as (
        select * from {{ ref("kpi_period_days") }} where period_kind in ('month', 'quarter')
    ),

    {% set parts = [
        "ad_cost",
        "other_cost",
        "unconverted_costs",
        "sessions",
        "engaged_sessions",
        "posts",
        "engagement",
        "impressions",
        "mentions",
    ] %}

    -- Each row adds to one of the figures and says nothing about the others.
    happened as (
        select
            campaign_key,
            date_on,
            cost as ad_cost,
            cast(null as double) as other_cost,
            case when cost is null then 1 end as unconverted_costs,
            cast(null as bigint) as sessions,
            cast(null as bigint) as engaged_sessions,
            cast(null as bigint) as posts,
            cast(null as bigint) as engagement,
            cast(null as bigint) as impressions,
            cast(null as bigint) as mentions
        from ad_costs
        union all
        select
            campaign_key,
            month_on,
            null,
            amount_reporting,
            case when amount_reporting is null then 1 end,
            null,
            null,
            null,
            null,
            null,
            null
        from costs
        union all
        select
            campaign_key,
            started_on,
            null,
            null,
            null,
            1,
            case when is_engaged then 1 else 0 end,
            null,
            null,
            null,
            null
        from sessions
        union all
        select campaign_key, posted_on, null, null, null, null, null, 1, null, null, null
        from posts
        union all
        select
            posts.campaign_key,
            engagement.metric_on,
            null,
            null,
            null,
            null,
            null,
            null,
            engagement.engagement_core,
            engagement.impressions,
            null
        from engagement
        inner join posts on posts.post_key = engagement.post_key
        union all
        select
            named.campaign_key, mentions.sent_on, null, null, null, null, null, null, null, null, 1
        from named
        inner join mentions on mentions.mention_key = named.mention_key
        where not mentions.is_by_us
    ),

    counted as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            happened.campaign_key,
            {% for part in parts %}
                {% if part.endswith("_cost") %} {{ exact_sum("happened." ~ part) }}
                {% else %} cast(sum(happened.{{ part }}) as bigint)
                {% endif %} as {{ part }}
                {% if not loop.last %},{% endif %}
            {% endfor %}
        from happened
        inner join period_days on period_days.date_on = happened.date_on
        group by period_days.period_kind, period_days.period_start_on, happened.campaign_key
    ),

    credited as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            credits.campaign_key,
            {% for model in attribution_models() -%}
                coalesce(
                    {{ exact_sum("credit", "model= '" ~ model ~ "'") }}, 0.0
                ) as conversions_{{ model }},
                coalesce(
                    {{ exact_sum("credited_value", "model= '" ~ model ~ "'") }}, 0.0
                ) as revenue_{{ model }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from credits
        inner join period_days on period_days.date_on = credits.converted_on
        group by period_days.period_kind, period_days.period_start_on, credits.campaign_key
    ),

    cells as (
        select period_kind, period_start_on, campaign_key
        from counted
        union
        select period_kind, period_start_on, campaign_key
        from credited
    ),

    final as (
        select
            {{
                surrogate_key(
                    ["cells.period_kind", "cells.period_start_on", "cells.campaign_key"]
                )
            }} as campaign_period_key,
            cells.campaign_key,

            cells.period_kind,
            cells.period_start_on,
            campaigns.starts_on,
            campaigns.ends_on,

            campaigns.campaign,
            campaigns.is_planned,
            campaigns.is_own_brand,

            counted.ad_cost,
            counted.other_cost,
            case
                when counted.ad_cost is not null or counted.other_cost is not null
                then coalesce(counted.ad_cost, 0.0) + coalesce(counted.other_cost, 0.0)
            end as cost,
            coalesce(counted.unconverted_costs, 0) as unconverted_costs,
            coalesce(counted.sessions, 0) as sessions,
            coalesce(counted.engaged_sessions, 0) as engaged_sessions,
            {% for model in attribution_models() -%}
                coalesce(credited.conversions_{{ model }}, 0.0) as conversions_{{ model }},
                coalesce(credited.revenue_{{ model }}, 0.0) as revenue_{{ model }},
                case
                    when counted.unconverted_costs is null
                    then coalesce(credited.revenue_{{ model }}, 0.0) / nullif(counted.ad_cost, 0)
                end as roas_{{ model }},
            {% endfor %}
            coalesce(counted.posts, 0) as posts,
            counted.engagement,
            counted.impressions,
            coalesce(counted.mentions, 0) as mentions
        from cells
        inner join campaigns on campaigns.campaign_key = cells.campaign_key
        left join
            counted
            on counted.period_kind = cells.period_kind
            and counted.period_start_on = cells.period_start_on
            and counted.campaign_key = cells.campaign_key
        left join
            credited
            on credited.period_kind = cells.period_kind
            and credited.period_start_on = cells.period_start_on
            and credited.campaign_key = cells.campaign_key
    )

select *
from final
