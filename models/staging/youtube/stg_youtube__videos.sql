with
    exported as (select * from {{ stream("youtube", "videos") }}),

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
            and (published_at is null or published_at <= {{ as_of() }})
    ),

    -- One snapshot per video and instant of export; the order of loading decides nothing.
    deduplicated as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by video_id, snapshot_at order by {{ latest_version_first() }}
                    ) as place
                from known
            )
        where place = 1
    ),

    placed as (
        select
            *,
            {{ local_date("published_at", "'America/Los_Angeles'") }} as published_on,
            {{ regex_group("duration", "'^(?:([0-9]+):)?[0-9]{1,2}:[0-9]{2}$'", 1) }} as hours,
            {{ regex_group("duration", "'^(?:[0-9]+:)?([0-9]{1,2}):[0-9]{2}$'", 1) }} as minutes,
            {{ regex_group("duration", "'^(?:[0-9:]*:)?([0-9]+)$'", 1) }} as seconds
        from deduplicated
    ),

    final as (
        select
            {{ surrogate_key(["video_id", "snapshot_at"]) }} as video_snapshot_key,
            video_id,
            channel_folder,
            snapshot_at,

            case when published_at_is_date_only then null else published_at end as published_at,
            published_on,
            exported_from_on,
            exported_to_on,
            -- A table of a period that begins after the video counts that period alone.
            coalesce(
                exported_from_on >= exported_to_on or exported_from_on <= published_on, true
            ) as is_lifetime,

            title,
            lower(content_type) as content_type,
            cast(
                3600 * coalesce({{ try_number("hours") }}, 0)
                + 60 * coalesce({{ try_number("minutes") }}, 0)
                + {{ try_number("seconds") }} as bigint
            ) as duration_s,

            views,
            watch_time_hours,
            impressions,
            likes,
            dislikes,
            comments,
            shares,
            subscribers,
            subscribers_gained
        from placed
    )

select *
from final
