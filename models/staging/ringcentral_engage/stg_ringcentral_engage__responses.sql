with
    exported as (select * from {{ stream("ringcentral_engage", "responses") }}),

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
                where responded_at <= {{ as_of() }}
            )
        where place = 1
    ),

    final as (
        select
            id as response_id,
            satisfaction_response_id as survey_response_id,
            survey_id,
            content_thread_id as thread_id,
            intervention_id,

            responded_at,

            user_id as agent_id,
            identity_id as contact_id,

            main_indicator as score,
            lower(source_type) as network_word,

            _exported_at as exported_at
        from latest
    )

select *
from final
