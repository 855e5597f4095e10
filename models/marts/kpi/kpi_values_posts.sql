with
    engagement as (select * from {{ ref("fct_engagement") }} where level = 'post'),

    posts as (select * from {{ ref("dim_post") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    sliced as (
        select 'overall' as slice_kind, 'all' as slice_value, engagement.*
        from engagement

        union all

        select 'network' as slice_kind, engagement.network as slice_value, engagement.*
        from engagement

        union all

        select 'product' as slice_kind, posts.product as slice_value, engagement.*
        from engagement
        inner join posts on posts.post_key = engagement.post_key
    ),

    summed as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            sum(sliced.impressions) as impressions,
            sum(sliced.engagement_core) as engagement_core,
            sum(sliced.engagements_native) as engagements_native,
            -- Rates only count posts whose impressions are known: what is above the line is below
            -- it too.
            sum(sliced.engagement_core) filter (
                where sliced.impressions is not null
            ) as seen_engagement_core,
            sum(sliced.shares) filter (where sliced.impressions is not null) as seen_shares,
            count(distinct sliced.post_key) as posts
        from sliced
        inner join period_days on period_days.date_on = sliced.metric_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value
    ),

    final as (
        {{ kpi_row("summed", "K62", numerator="impressions", n="posts") }}
        union all
        {{ kpi_row("summed", "K63", numerator="engagement_core", n="posts") }}
        union all
        {{ kpi_row("summed", "K63_native", numerator="engagements_native", n="posts") }}
        union all
        {{
            kpi_row(
                "summed",
                "K64",
                numerator="seen_engagement_core",
                denominator="impressions",
                n="posts",
            )
        }}
        union all
        {{
            kpi_row(
                "summed", "K65", numerator="seen_shares", denominator="impressions", n="posts"
            )
        }}
    )

select *
from final
