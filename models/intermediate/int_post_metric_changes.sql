{%- set metrics = [
    "impressions",
    "likes",
    "replies",
    "reposts",
    "bookmarks",
    "url_clicks",
    "engagements_native",
] -%}

with
    snapshots as (select * from {{ ref("int_post_snapshots") }}),

    posts as (select * from {{ ref("int_posts_described") }}),

    compared as (
        select
            *,
            {% for metric in metrics -%}
                {{ previous_known(metric, "post_key", "snapshot_at") }} as previous_{{ metric }},
            {% endfor -%}
            row_number() over (partition by post_key order by snapshot_at) as snapshot_number
        from snapshots
    ),

    -- What a post had when first seen is dated on the day it was posted; a later change on the
    -- day it was seen.
    final as (
        select
            compared.post_snapshot_key,
            compared.post_key,
            compared.source,
            compared.network,
            posts.profile,

            case
                when compared.snapshot_number = 1
                then coalesce(posts.posted_on, cast(compared.snapshot_at as date))
                else cast(compared.snapshot_at as date)
            end as metric_on,
            compared.snapshot_at,
            compared.snapshot_number,

            {% for metric in metrics -%}
                compared.{{ metric }} - coalesce(compared.previous_{{ metric }}, 0) as {{ metric }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from compared
        inner join posts on posts.post_key = compared.post_key
    )

select *
from final
