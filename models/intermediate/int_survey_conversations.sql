with
    answers as (select * from {{ ref("int_survey_answers_scored") }}),

    threads as (select * from {{ ref("int_threads_united") }}),

    segments as (select * from {{ ref("int_conversation_segments") }}),

    -- The conversation is the one in force in its thread when the survey was sent.
    final as (
        select
            answers.survey_key,
            segments.conversation_key,
            segments.network,
            segments.profile_key,
            answers.survey_kind,
            answers.is_satisfied,
            answers.responded_at
        from answers
        inner join
            threads
            on threads.tool_thread_key
            = {{ surrogate_key(["answers.conversation_source", "answers.thread_id"]) }}
        inner join
            segments
            on segments.thread_key = threads.thread_key
            and coalesce(answers.sent_at, answers.responded_at) >= segments.segment_started_at
            and coalesce(answers.sent_at, answers.responded_at)
            < coalesce(segments.segment_ends_before_at, {{ far_future() }})
    )

select *
from final
