with
    exported as (select * from {{ source("ringcentral_engage", "interventions") }}),

    latest as (
        select *
        from exported
        where created_at <= {{ as_of() }}
        qualify row_number() over (partition by id order by {{ latest_version_first() }}) = 1
    ),

    -- The tool's `closed_at` is its last reply, not the close, so it is named for what it is.
    final as (
        select
            id as intervention_id,
            content_thread_id as thread_id,

            created_at as opened_at,
            closed_at as last_reply_or_close_at,
            satisfaction_sent_at as survey_sent_at,

            user_id as agent_id,
            identity_id as contact_id,

            status as status_word,
            categories as tags_text,
            satisfaction_response_id as survey_response_id,
            first_user_reply_in as reported_first_reply_s,
            lower(source_type) as network_word,
            source_id as profile_id
        from latest
    )

select *
from final
