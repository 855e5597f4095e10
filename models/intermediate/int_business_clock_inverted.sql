with
    clock as (select * from {{ ref("int_business_clock") }}),

    opened as (
        select
            calendar_id,
            begins_at,
            open_before_s,
            open_before_s + {{ seconds_between("begins_at", "ends_at") }} as open_after_s
        from clock
        where is_open
    ),

    -- An opening of a day at most lies in one lot of a day of open seconds, or in two.
    lots as (
        select
            calendar_id,
            begins_at,
            open_before_s,
            open_after_s,
            {{ business_reading_lot("open_before_s * 1000000 + 1") }} as lot_number
        from opened

        union

        select
            calendar_id,
            begins_at,
            open_before_s,
            open_after_s,
            {{ business_reading_lot("open_after_s * 1000000") }} as lot_number
        from opened
    ),

    final as (
        select
            {{ surrogate_key(["calendar_id", "lot_number", "begins_at"]) }} as lot_key,
            calendar_id,
            lot_number,
            begins_at,
            open_before_s,
            open_after_s
        from lots
    )

select *
from final
