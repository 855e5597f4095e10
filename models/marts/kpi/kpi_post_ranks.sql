with
    posts as (select * from {{ ref("kpi_posts") }} where not is_boosted and not is_deleted),

    period_days as (
        select * from {{ ref("kpi_period_days") }} where period_kind in ('month', 'quarter')
    ),

    -- A post of yesterday has not been seen yet, and one that thirty people saw has a rate by
    -- chance.
    -- Some networks tell the day of a post and no more: its age counts from the end of the day.
    published as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            posts.post_key,
            posts.posted_on,
            posts.network,
            posts.profile_name,
            posts.product,
            posts.post_type,
            posts.permalink,
            posts.impressions,
            posts.engagement_core,
            posts.engagement_rate,
            posts.link_clicks,
            posts.sessions,
            posts.conversions_linear
        from posts
        inner join period_days on period_days.date_on = posts.posted_on
        where posts.impressions >= 100 and {{ is_older_than("period_days.day_ends_at", 259200) }}
    ),

    -- Networks count views and reactions each in their own way: a post is held against what is
    -- usual on its network, and five posts are the least to call anything usual.
    networks as (
        select
            period_kind,
            period_start_on,
            network,
            count(*) as posts_compared,
            {{ percentile_cont("engagement_rate", 0.5) }} as usual_rate
        from published
        group by period_kind, period_start_on, network
    ),

    compared as (
        select
            published.*,
            networks.posts_compared,
            networks.usual_rate,
            published.engagement_rate / networks.usual_rate as times_usual
        from published
        inner join
            networks
            on networks.period_kind = published.period_kind
            and networks.period_start_on = published.period_start_on
            and networks.network = published.network
        where networks.posts_compared >= 5 and networks.usual_rate > 0
    ),

    ranked as (
        select
            *,
            row_number() over (
                partition by period_kind, period_start_on
                order by times_usual desc, impressions desc, post_key
            ) as best_rank,
            row_number() over (
                partition by period_kind, period_start_on
                order by times_usual, impressions desc, post_key
            ) as worst_rank
        from compared
    ),

    final as (
        select
            {{ surrogate_key(["period_kind", "period_start_on", "post_key"]) }} as post_rank_key,

            period_kind,
            period_start_on,
            posted_on,

            post_key,
            network,
            profile_name,
            product,
            post_type,
            permalink,

            impressions,
            engagement_core,
            engagement_rate,
            usual_rate,
            times_usual,
            posts_compared,
            link_clicks,
            sessions,
            conversions_linear,

            best_rank,
            worst_rank
        from ranked
        where best_rank <= 10 or worst_rank <= 10
    )

select *
from final
