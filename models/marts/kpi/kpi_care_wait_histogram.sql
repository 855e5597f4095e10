with
    replies as (select * from {{ ref("fct_replies") }} where is_replied),

    slices as (select * from {{ ref("kpi_turn_slices") }}),

    waits as (
        select turn_key, started_on as date_on, 'first' as wait_kind, wait_s
        from replies
        where is_first
        union all
        select turn_key, started_on as date_on, 'all' as wait_kind, wait_s
        from replies
        where not is_bot_contained
    ),

    counted as (
        select
            waits.date_on,
            slices.slice_kind,
            slices.slice_value,
            waits.wait_kind,
            {{ wait_bucket("waits.wait_s") }} as bucket,
            count(*) as waits,
            sum(waits.wait_s) as wait_s
        from waits
        inner join slices on slices.turn_key = waits.turn_key
        group by
            waits.date_on,
            slices.slice_kind,
            slices.slice_value,
            waits.wait_kind,
            {{ wait_bucket("waits.wait_s") }}
    ),

    final as (
        select
            {{ surrogate_key(["date_on", "slice_kind", "slice_value", "wait_kind", "bucket"]) }}
            as wait_bucket_key,
            date_on,
            slice_kind,
            slice_value,
            wait_kind,
            bucket,
            cast({{ wait_of_bucket("bucket") }} as double) as bucket_wait_s,
            waits,
            cast(wait_s as bigint) as wait_s
        from counted
    )

select *
from final
