with
    exported as (select * from {{ stream("x", "account") }}),

    -- An export made after the as-of instant is not known yet; one of unknown age counts as the
    -- latest.
    known as (
        select
            *,
            case
                when _exported_at > {{ as_of() }} then {{ as_of() }} else _exported_at
            end as snapshot_at
        from exported
        where
            (not _exported_at_is_known or _exported_at <= {{ as_of() }})
            and day <= cast({{ as_of() }} as date)
    ),

    -- The export does not say whose it is.
    named as (
        select
            *,
            coalesce(
                folder,
                lower(
                    {{
                        regex_group(
                            "_source_file", "'([A-Za-z0-9_]+)_account_overview_analytics'"
                        )
                    }}
                ),
                'x'
            ) as profile
        from known
    ),

    deduplicated as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by profile, day, snapshot_at order by {{ latest_version_first() }}
                    ) as place
                from named
            )
        where place = 1
    ),

    final as (
        select
            {{ surrogate_key(["profile", "day", "snapshot_at"]) }} as account_day_key,
            profile,
            day as metric_on,
            snapshot_at as exported_at,

            follows as followers_gained,
            unfollows as followers_lost,
            posts_created,
            impressions,
            engagements as engagements_native,
            likes,
            replies,
            reposts,
            bookmarks,
            shares,
            profile_visits,
            video_views,
            media_views
        from deduplicated
    )

select *
from final
