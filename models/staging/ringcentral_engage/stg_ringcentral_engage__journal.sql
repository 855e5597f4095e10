with
    exported as (select * from {{ stream("ringcentral_engage", "journal") }}),

    latest as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by id order by {{ latest_version_first() }}
                    ) as place
                from exported
                where created_at <= {{ as_of() }}
            )
        where place = 1
    ),

    final as (
        select
            id as event_id,
            content_thread_id as thread_id,
            intervention_id,
            content_id as message_id,

            created_at as event_at,

            user_id as agent_id,

            name as event_word,
            lower(step) as step,
            rules_engine_rule_id as rule_id
        from latest
    )

select *
from final
