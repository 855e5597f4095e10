with
    recorded as (select * from {{ ref("stg_closings__periods") }}),

    -- A week's update is delivered when it is written first; a month and a quarter are closed once.
    final as (
        select {{ all_but("place") }}
        from
            (
                select
                    closing_key,
                    snapshot_id,

                    period_start_on,
                    period_end_on,
                    as_of_at as closed_as_of_at,

                    closed_kind,
                    closed_label,
                    is_early,
                    rules_version,
                    correction_notes,
                    row_number() over (
                        partition by closed_kind, closed_label order by as_of_at, closing_key
                    ) as place
                from recorded
            )
        where place = 1
    )

select *
from final
