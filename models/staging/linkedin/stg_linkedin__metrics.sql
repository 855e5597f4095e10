with
    exported as (select * from {{ stream("linkedin", "metrics") }}),

    -- A span of the API is a day where it is one; a month is no day. Its start is the day's
    -- midnight
    -- in UTC, whether LinkedIn calls it inclusive or exclusive.
    known as (
        select
            *,
            {{ snapshot_instant() }} as snapshot_at,
            coalesce(
                {{ regex_group("organisation", "'([0-9]+)$'") }}, page_folder, 'linkedin'
            ) as page_id,
            coalesce(date, cast(span_start as date)) as metric_on
        from exported
        where
            {{ is_known_export() }}
            and (date is not null or {{ seconds_between("span_start", "span_end") }} = 86400)
    ),

    deduplicated as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by page_id, metric_on, snapshot_at
                        order by {{ latest_version_first() }}
                    ) as place
                from known
                where metric_on <= cast({{ as_of() }} as date)
            )
        where place = 1
    ),

    -- The API tells the organic numbers alone.
    final as (
        select
            {{ surrogate_key(["page_id", "metric_on", "snapshot_at"]) }} as page_day_key,
            page_id,

            metric_on,
            snapshot_at as exported_at,

            coalesce(impressions_total, impressions_organic, impression_count) as impressions,
            coalesce(reactions_total, reactions_organic, like_count) as reactions,
            coalesce(comments_total, comments_organic, comment_count) as comments,
            coalesce(reposts_total, reposts_organic, share_count) as shares,
            coalesce(clicks_total, clicks_organic, click_count) as clicks
        from deduplicated
    )

select *
from final
