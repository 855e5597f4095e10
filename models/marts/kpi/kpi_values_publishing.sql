with
    posts as (select * from {{ ref("dim_post") }}),

    aged as (select * from {{ ref("int_posts_aged") }}),

    faulty as (select * from {{ ref("int_post_errors") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    published as (
        select posts.*, faulty.post_key is not null as has_error
        from posts
        left join faulty on faulty.post_key = posts.post_key
    ),

    published_slices as (
        {{
            own_slices(
                "published", {"overall": "'all'", "network": "network", "publisher": "publisher"}
            )
        }}
    ),

    errors as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            published_slices.slice_kind,
            published_slices.slice_value,
            count(*) filter (where published_slices.has_error) as faulty_posts,
            count(*) as posts
        from published_slices
        inner join period_days on period_days.date_on = published_slices.posted_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            published_slices.slice_kind,
            published_slices.slice_value
    ),

    -- Only quarters have posts enough.
    rated as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            posts.network,
            {{ hour_of_week_name("posts.local_hour_of_week") }} as hour_of_week,
            aged.age_band,
            aged.engagement_rate
        from aged
        inner join posts on posts.post_key = aged.post_key
        inner join period_days on period_days.date_on = posts.posted_on
        where period_days.period_kind = 'quarter' and aged.engagement_rate is not null
    ),

    -- Ages are never mixed: a quarter, and a network's quarter, shows the one that most posts have.
    band_slices as ({{ own_slices("rated", {"overall": "'all'", "network": "network"}) }}),

    bands as (
        select {{ all_but("place") }}
        from
            (
                select
                    period_start_on,
                    slice_kind,
                    slice_value,
                    age_band,
                    count(*) as posts,
                    row_number() over (
                        partition by period_start_on, slice_kind, slice_value
                        order by count(*) desc, age_band desc
                    ) as place
                from band_slices
                group by period_start_on, slice_kind, slice_value, age_band
            )
        where place = 1
    ),

    rated_slices as (
        {{
            own_slices(
                "rated",
                {"overall": "'all'", "network": "network", "hour_of_week": "hour_of_week"},
            )
        }}
    ),

    times as (
        select
            rated_slices.period_kind,
            rated_slices.period_start_on,
            rated_slices.slice_kind,
            rated_slices.slice_value,
            {{ percentile_cont("rated_slices.engagement_rate", 0.5) }} as median_rate,
            count(*) as posts
        from rated_slices
        inner join
            bands
            on bands.period_start_on = rated_slices.period_start_on
            and bands.age_band = rated_slices.age_band
            and bands.slice_kind
            = case when rated_slices.slice_kind = 'network' then 'network' else 'overall' end
            and bands.slice_value = case
                when rated_slices.slice_kind = 'network' then rated_slices.slice_value else 'all'
            end
        group by
            rated_slices.period_kind,
            rated_slices.period_start_on,
            rated_slices.slice_kind,
            rated_slices.slice_value
    ),

    final as (
        {{ kpi_row("times", "K83", value="median_rate", n="posts") }}
        union all
        {{ kpi_row("errors", "K84", numerator="faulty_posts", denominator="posts") }}
    )

select *
from final
