with
    exported as (select * from {{ stream("sparkcentral", "response_times") }}),

    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by message_id order by {{ latest_version_first() }}
                    ) as place
                from exported
                where replied_at <= {{ as_of() }}
            )
        where place = 1
    ),

    final as (
        select
            message_id,
            conversation_id as thread_id,

            replied_at,

            agent_id,

            response_s,
            response_business_s,

            _exported_at as exported_at
        from latest
    )

select *
from final
