{#- Each number, and its names in the sheet and in the API. The sheet is asked first. -#}
{%- set counts = {
    "impressions": ["impressions", "impression_count"],
    "likes": ["likes", "like_count"],
    "comments": ["comments", "comment_count"],
    "reposts": ["reposts", "share_count"],
    "clicks": ["clicks", "click_count"],
    "views": ["views"],
    "follows": ["follows"],
} -%}

with
    exported as (select * from {{ stream("linkedin", "posts") }}),

    -- Statistics of a span of time are no lifetime numbers.
    known as (
        select
            *,
            {{ snapshot_instant() }} as snapshot_at,
            coalesce(
                share, ugc_post, {{ regex_group("link", "'(urn:li:[A-Za-z]+:[0-9]+)'") }}, link
            ) as natural_post_id
        from exported
        where
            {{ is_known_export() }}
            and span_start is null
            and coalesce(created_on <= cast({{ as_of() }} as date), true)
    ),

    deduplicated as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by natural_post_id, snapshot_at
                        order by {{ latest_version_first() }}
                    ) as place
                from known
            )
        where place = 1
    ),

    -- What one file of an export lacks another of the same instant may know.
    united as (
        select
            natural_post_id,
            snapshot_at,
            {% for count, names in counts.items() -%}
                coalesce({%- for name in names %}max({{ name }}),{% endfor %} null) as {{ count }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from known
        group by natural_post_id, snapshot_at
    ),

    -- What the post is does not change: an export that leaves it out is told by another.
    described as (
        select
            natural_post_id,
            max(coalesce({{ regex_group("organisation", "'([0-9]+)$'") }}, page_folder)) as page_id,
            max(created_on) as created_on,
            min(snapshot_at) as first_seen_at
        from known
        group by natural_post_id
    ),

    final as (
        select
            {{ surrogate_key(["posts.natural_post_id", "posts.snapshot_at"]) }}
            as post_snapshot_key,
            posts.natural_post_id,
            coalesce(described.page_id, 'linkedin') as page_id,

            posts.snapshot_at,
            coalesce(described.created_on, cast(described.first_seen_at as date)) as posted_on,

            lower(coalesce(posts.content_type, posts.post_type)) as post_type,
            posts.link as permalink,
            posts.title as body,
            posts.campaign,
            lower(posts.post_type) = 'sponsored' as is_boosted,

            {% for count in counts -%}
                united.{{ count }} {%- if not loop.last %},{% endif %}
            {% endfor %}
        from deduplicated as posts
        inner join described on described.natural_post_id = posts.natural_post_id
        inner join
            united
            on united.natural_post_id = posts.natural_post_id
            and united.snapshot_at = posts.snapshot_at
    )

select *
from final
