{#- Each number, and what the insights of a post or the columns of a copied table call it. Names of one number stand in a
    line and are never added: a carousel's views come under two of them, a reel's too. -#}
{%- set counts = {
    "impressions": {
        "columns": ["reel_views", "carousel_album_views", "video_photo_views"],
        "insights": ["views", "impressions", "plays"],
    },
    "reach": {
        "columns": ["reel_reach", "carousel_album_reach", "video_photo_reach"],
        "insights": ["reach"],
    },
    "likes": {"columns": [], "insights": ["likes"]},
    "comments": {"columns": [], "insights": ["comments"]},
    "shares": {"columns": ["reel_shares"], "insights": ["shares"]},
    "saves": {
        "columns": ["reel_saved", "carousel_album_saved", "video_photo_saved"],
        "insights": ["saved"],
    },
    "follows": {"columns": [], "insights": ["follows"]},
    "total_interactions": {"columns": [], "insights": ["total_interactions"]},
    "video_views": {"columns": [], "insights": ["video_views"]},
} -%}
{%- set insight_names = [] -%}
{%- for count in counts.values() -%}
    {%- for word in count["insights"] %} {% do insight_names.append(word) %} {% endfor -%}
{%- endfor -%}

with
    exported as (select * from {{ stream("instagram", "media") }}),

    -- Numbers of single days are no lifetime numbers.
    known as (
        select
            *,
            {{ surrogate_key(["_source_file", "_file_sha256", "_source_row"]) }} as row_key,
            {{ snapshot_instant() }} as known_at
        from exported
        where
            {{ is_known_export() }}
            and coalesce(posted_at <= {{ as_of() }}, true)
            and (coalesce(covers, 'lifetime') = 'lifetime' or copied_at is not null)
    ),

    -- A table copied from the API has the value at the end of each day, not at the export.
    placed as (
        select
            *,
            case
                when copied_at is not null and covers <> 'lifetime'
                then
                    least(
                        known_at,
                        {{ add_seconds("cast(try_cast(covers as date) as timestamp)", "86399") }}
                    )
                else known_at
            end as snapshot_at
        from known
    ),

    -- A row whose id a spreadsheet damaged is the post of its link, by the id another row gives it.
    recognised as (
        select
            *,
            coalesce(
                media_id,
                max(case when permalink is not null then media_id end) over (
                    partition by permalink
                ),
                permalink
            ) as natural_post_id
        from placed
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
                from recognised
            )
        where place = 1
    ),

    insights_told as (
        select
            row_key,
            {% for word in insight_names -%}
                {{ word }} as insight_{{ word }} {%- if not loop.last %},{% endif %}
            {% endfor %}
        from ({{ pivoted_insights("recognised", insight_names) }}) as pivoted
    ),

    -- What one file of an export lacks another of the same instant may know.
    united as (
        select
            recognised.natural_post_id,
            recognised.snapshot_at,
            {% for count, words in counts.items() -%}
                max(
                    coalesce(
                        recognised.{{ count }}
                        {%- for word in words["columns"] %}, recognised.{{ word }}{% endfor %}
                        {%- for word in words["insights"] %}
                            , insights_told.insight_{{ word }}
                        {% endfor %}
                    )
                ) as {{ count }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from recognised
        left join insights_told on insights_told.row_key = recognised.row_key
        group by recognised.natural_post_id, recognised.snapshot_at
    ),

    -- What the post is does not change: an export that leaves it out is told by another.
    described as (
        select
            natural_post_id,
            max(coalesce(account_id, owner_id)) as account_id,
            max(lower({{ regex_remove("username", "'^@'") }})) as handle,
            max(account_folder) as account_folder,
            max(account_name) as account_name,
            max(posted_at) as posted_at,
            max(permalink) as permalink,
            min(snapshot_at) as first_seen_at
        from recognised
        group by natural_post_id
    ),

    final as (
        select
            {{ surrogate_key(["united.natural_post_id", "united.snapshot_at"]) }}
            as post_snapshot_key,
            united.natural_post_id,
            described.account_id,
            coalesce(described.handle, described.account_folder) as handle,
            described.account_name,

            united.snapshot_at,
            described.posted_at,
            cast(coalesce(described.posted_at, described.first_seen_at) as date) as posted_on,

            -- To the API a reel is a video of the product reels.
            case
                when deduplicated.product_type = 'REELS'
                then 'reel'
                when deduplicated.product_type = 'STORY'
                then 'story'
                else {{ meta_post_type("deduplicated.post_type") }}
            end as post_type,
            described.permalink,
            deduplicated.text as body,

            {% for count in counts -%}
                united.{{ count }} {%- if not loop.last %},{% endif %}
            {% endfor %}
        from united
        inner join described on described.natural_post_id = united.natural_post_id
        inner join
            deduplicated
            on deduplicated.natural_post_id = united.natural_post_id
            and deduplicated.snapshot_at = united.snapshot_at
    )

select *
from final
