{#- Each number, what the insights of a post call it, the newer name first. -#}
{%- set counts = {
    "impressions": ["post_media_view", "post_impressions"],
    "reach": ["post_total_media_view_unique", "post_impressions_unique"],
    "reactions": [],
    "reactions_like": [
        "post_reactions_like_total",
        "post_reactions_by_type_total_like",
    ],
    "reactions_love": [
        "post_reactions_love_total",
        "post_reactions_by_type_total_love",
    ],
    "reactions_care": [
        "post_reactions_care_total",
        "post_reactions_by_type_total_care",
    ],
    "reactions_haha": [
        "post_reactions_haha_total",
        "post_reactions_by_type_total_haha",
    ],
    "reactions_wow": ["post_reactions_wow_total", "post_reactions_by_type_total_wow"],
    "reactions_sad": [
        "post_reactions_sorry_total",
        "post_reactions_by_type_total_sorry",
    ],
    "reactions_angry": [
        "post_reactions_anger_total",
        "post_reactions_by_type_total_anger",
    ],
    "comments": [],
    "shares": [],
    "clicks": ["post_clicks"],
    "link_clicks": [],
    "other_clicks": [],
    "video_views": ["post_video_views"],
} -%}
{%- set reaction_words = ["like", "love", "care", "haha", "wow", "sorry", "anger"] -%}
{%- set plain_insights = [] -%}
{%- for words in counts.values() -%}
    {%- for word in words if not word.startswith("post_reactions_by_type_total_") -%}
        {%- do plain_insights.append(word) -%}
    {%- endfor -%}
{%- endfor -%}

with
    exported as (select * from {{ stream("facebook", "posts") }}),

    -- Numbers of single days are no lifetime numbers; what was never published has no public.
    known as (
        select
            *,
            {{ surrogate_key(["_source_file", "_file_sha256", "_source_row"]) }} as row_key,
            {{ snapshot_instant() }} as known_at
        from exported
        where
            {{ is_known_export() }}
            and coalesce(posted_at <= {{ as_of() }}, true)
            and coalesce(is_published, true)
            and (coalesce(covers, 'lifetime') = 'lifetime' or copied_at is not null)
    ),

    -- A table copied from the API has the value at the end of each day, not at the export.
    placed as (
        select
            *,
            coalesce(
                page_id, {{ regex_group("post_id", "'^([0-9]+)_[0-9]+$'") }}, page_folder
            ) as known_page_id,
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

    -- The network's id is page and post; Business Suite prints them apart.
    identified as (
        select
            *,
            case
                when {{ regex_matches("post_id", "'_'") }}
                then post_id
                when post_id is not null
                then coalesce(known_page_id || '_', '') || post_id
            end as full_id
        from placed
    ),

    -- A row whose id a spreadsheet damaged is the post of its link, by the id another row gives it.
    recognised as (
        select
            *,
            coalesce(
                full_id,
                max(case when permalink is not null then full_id end) over (partition by permalink),
                permalink
            ) as natural_post_id
        from identified
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
        {{
            pivoted_insights(
                "recognised",
                plain_insights,
                {"post_reactions_by_type_total": reaction_words},
            )
        }}
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
                        {%- if count == "shares" %}, recognised.share_count{% endif %}
                        {%- for word in words %}, insights_told.{{ word }}{% endfor %},
                        null
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
            max(known_page_id) as page_id,
            max(page_name) as page_name,
            max(posted_at) as posted_at,
            max(permalink) as permalink,
            max(is_boosted) as is_boosted,
            min(snapshot_at) as first_seen_at
        from recognised
        group by natural_post_id
    ),

    final as (
        select
            {{ surrogate_key(["united.natural_post_id", "united.snapshot_at"]) }}
            as post_snapshot_key,
            united.natural_post_id,
            coalesce(described.page_id, 'facebook') as page_id,
            described.page_name,

            united.snapshot_at,
            described.posted_at,
            cast(coalesce(described.posted_at, described.first_seen_at) as date) as posted_on,

            {{ meta_post_type("deduplicated.post_type") }} as post_type,
            described.permalink,
            coalesce(deduplicated.text, deduplicated.title) as body,
            described.is_boosted,

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
