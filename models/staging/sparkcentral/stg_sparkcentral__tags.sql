with
    exported as (select * from {{ stream("sparkcentral", "tags") }}),

    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by conversation_id, lower(tag), tagged_at
                        order by {{ latest_version_first() }}
                    ) as place
                from exported
                where tagged_at <= {{ as_of() }}
            )
        where place = 1
    ),

    -- A tag that is taken off only after the as-of is still on.
    final as (
        select
            {{ surrogate_key(["conversation_id", "lower(tag)", "tagged_at"]) }} as tagging_key,
            conversation_id as thread_id,

            tagged_at,
            case when removed_at <= {{ as_of() }} then removed_at end as removed_at,

            agent_id,

            tag
        from latest
    )

select *
from final
