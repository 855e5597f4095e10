with
    media as (select * from {{ ref("stg_instagram__media") }}),

    account_days as (select * from {{ ref("stg_instagram__account_days") }}),

    named as (
        select account_id, handle, snapshot_at as seen_at
        from media
        where account_id is not null and handle is not null

        union all

        select account_id, handle, exported_at as seen_at
        from account_days
        where account_id is not null and handle is not null
    ),

    -- An account may change its handle: the latest one names all its past.
    final as (
        select {{ all_but("place") }}
        from
            (
                select
                    account_id,
                    handle,
                    row_number() over (
                        partition by account_id order by seen_at desc, handle desc
                    ) as place
                from named
            )
        where place = 1
    )

select *
from final
