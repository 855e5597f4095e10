with
    posts as (select * from {{ stream("x", "posts") }}),

    -- A lifetime value exported after the as-of instant is not known yet; one of unknown age
    -- counts as the latest.
    known as (
        select
            *,
            case
                when _exported_at > {{ as_of() }} then {{ as_of() }} else _exported_at
            end as snapshot_at
        from posts
        where
            (not _exported_at_is_known or _exported_at <= {{ as_of() }})
            and (posted_at is null or posted_at <= {{ as_of() }})
    ),

    -- One snapshot per post and instant of export; the order of loading decides nothing.
    deduplicated as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by post_id, snapshot_at order by {{ latest_version_first() }}
                    ) as place
                from known
            )
        where place = 1
    ),

    final as (
        select
            {{ surrogate_key(["'x'", "post_id", "snapshot_at"]) }} as post_snapshot_key,
            {{ surrogate_key(["'x'", "post_id"]) }} as post_key,
            post_id as natural_post_id,

            snapshot_at,
            case when posted_at_is_date_only then null else posted_at end as posted_at,
            cast(posted_at as date) as posted_on,
            period_from as exported_from_on,
            period_to as exported_to_on,

            -- `/i/status/` is a link without an account.
            lower(
                coalesce(
                    nullif(
                        {{
                            regex_group(
                                "permalink",
                                "'^https?://[^/]*(twitter|x)[.]com/([A-Za-z0-9_]+)/status'",
                                2,
                            )
                        }},
                        'i'
                    ),
                    {{
                        regex_group(
                            "_source_file", "'tweet_activity_metrics_([A-Za-z0-9_]+?)_[0-9]'"
                        )
                    }}
                )
            ) as profile,
            permalink,
            case
                when text like 'RT @%'
                then 'repost'
                when text like '@%'
                then 'reply'
                else 'original'
            end as post_type,
            text as body,

            impressions,
            engagements as engagements_native,
            likes,
            replies,
            reposts,
            bookmarks,
            shares,
            url_clicks,
            profile_clicks,
            follows
        from deduplicated
    )

select *
from final
