with
    exported as (select * from {{ stream("linkedin", "followers") }}),

    -- The size of the network is told without a day. It is that of the export; at midnight, of the
    -- day that ended.
    known as (
        select
            *,
            {{ snapshot_instant() }} as snapshot_at,
            coalesce(
                {{ regex_group("organisation", "'([0-9]+)$'") }}, page_folder, 'linkedin'
            ) as page_id,
            coalesce(
                date,
                cast(span_start as date),
                case
                    when network_size is not null and _exported_at_is_known
                    then cast({{ add_seconds("_exported_at", "-1") }} as date)
                end
            ) as metric_on
        from exported
        where
            {{ is_known_export() }}
            and (
                date is not null
                or network_size is not null
                or {{ seconds_between("span_start", "span_end") }} = 86400
            )
    ),

    deduplicated as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by page_id, metric_on, snapshot_at, network_size is null
                        order by {{ latest_version_first() }}
                    ) as place
                from known
                where metric_on <= cast({{ as_of() }} as date)
            )
        where place = 1
    ),

    -- New followers of all kinds; LinkedIn tells those of the day only, and no losses.
    united as (
        select
            page_id,
            metric_on,
            snapshot_at as exported_at,
            max(network_size) as followers,
            max(
                coalesce(
                    new_followers,
                    case
                        when coalesce(organic, sponsored, auto_invited) is not null
                        then
                            coalesce(organic, 0)
                            + coalesce(sponsored, 0)
                            + coalesce(auto_invited, 0)
                    end,
                    case
                        when coalesce(gained_organic, gained_paid) is not null
                        then coalesce(gained_organic, 0) + coalesce(gained_paid, 0)
                    end
                )
            ) as followers_gained
        from deduplicated
        group by page_id, metric_on, snapshot_at
    ),

    final as (
        select
            {{ surrogate_key(["page_id", "metric_on", "exported_at"]) }} as follower_day_key,
            page_id,
            metric_on,
            exported_at,
            followers,
            followers_gained
        from united
    )

select *
from final
