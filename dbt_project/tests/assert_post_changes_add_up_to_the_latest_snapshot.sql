-- Detects daily changes that drift from the lifetime values they were taken from. A returned row
-- is a post whose changes do not
-- add up to the last value any export gives.
{%- set metrics = ["impressions", "likes", "replies", "reposts", "engagements_native"] %}
with
    engagement as (select * from {{ ref("fct_engagement") }}),

    snapshots as (select * from {{ ref("int_post_snapshots") }}),

    added as (
        select
            post_key,
            {% for metric in metrics -%}
                coalesce(sum({{ metric }}), 0) as {{ metric }} {%- if not loop.last %},{% endif %}
            {% endfor %}
        from engagement
        group by post_key
    ),

    latest as (
        select
            post_key,
            {% for metric in metrics -%}
                coalesce(
                    max_by({{ metric }}, case when {{ metric }} is not null then snapshot_at end), 0
                ) as {{ metric }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from snapshots
        group by post_key
    )

select latest.post_key
from latest
left join added on added.post_key = latest.post_key
where
    added.post_key is null
    {% for metric in metrics %} or added.{{ metric }} <> latest.{{ metric }} {% endfor %}
