with
    posts as (select * from {{ ref("dim_post") }}),

    aged as (select * from {{ ref("int_posts_aged") }} where engagement_rate is not null),

    -- A year of posts: a quarter has too few for 168 hours, and habits of three years ago are gone.
    recent as (
        select posts.network, posts.local_hour_of_week, aged.age_band, aged.engagement_rate
        from aged
        inner join posts on posts.post_key = aged.post_key
        where not {{ is_older_than("posts.posted_at", 31536000) }}
    ),

    sliced as (
        select 'all' as network_slice, recent.*
        from recent

        union all

        select network as network_slice, recent.*
        from recent
    ),

    times as (
        select
            network_slice as network,
            age_band,
            local_hour_of_week,
            count(*) as posts,
            {{ percentile_cont("engagement_rate", 0.5) }} as median_engagement_rate
        from sliced
        group by network_slice, age_band, local_hour_of_week
    ),

    -- Fewer than five posts are an anecdote: they are shown, and ranked nowhere.
    final as (
        select
            {{ surrogate_key(["network", "age_band", "local_hour_of_week"]) }}
            as publishing_time_key,
            network,
            age_band,
            local_hour_of_week,
            {{ hour_of_week_name("local_hour_of_week") }} as hour_name,
            posts,
            median_engagement_rate,
            posts >= 5 as has_enough_posts,
            case
                when posts >= 5
                then
                    row_number() over (
                        partition by network, age_band, posts >= 5
                        order by median_engagement_rate desc, posts desc, local_hour_of_week
                    )
            end as place
        from times
    )

select *
from final
