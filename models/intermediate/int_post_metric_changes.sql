{%- set metrics = post_metrics() -%}

with
    snapshots as (select * from {{ ref("int_post_values") }}),

    posts as (select * from {{ ref("int_posts_described") }}),

    compared as (
        select
            *,
            {% for metric in metrics -%}
                {{ previous_known(metric, "post_key, source", "snapshot_at") }}
                as previous_{{ metric }},
            {% endfor -%}
            row_number() over (
                partition by post_key, source order by snapshot_at
            ) as snapshot_number
        from snapshots
    ),

    -- What a post had when first seen is dated on the day it was posted; a later change on the
    -- day it was seen.
    final as (
        select
            compared.post_snapshot_key,
            compared.post_key,
            posts.profile_key,
            compared.source,
            compared.source_rank,
            compared.network,

            case
                when compared.snapshot_number = 1
                then coalesce(posts.posted_on, cast(compared.snapshot_at as date))
                else cast(compared.snapshot_at as date)
            end as metric_on,
            compared.snapshot_at,
            compared.snapshot_number,
            -- People take back a like; that much at once is the network correcting itself.
            {% for metric in metrics -%}
                coalesce(
                    compared.{{ metric }} - compared.previous_{{ metric }}
                    < -0.02 * compared.previous_{{ metric }},
                    false
                )
                {%- if not loop.last %} or {% endif %}
            {% endfor -%} as is_restatement,

            {% for metric in metrics -%}
                compared.{{ metric }} - coalesce(compared.previous_{{ metric }}, 0) as {{ metric }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from compared
        inner join posts on posts.post_key = compared.post_key
    )

select *
from final
