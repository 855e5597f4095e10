with
    answers as (select * from {{ ref("int_survey_answers_scored") }}),

    threads as (select * from {{ ref("int_threads_united") }}),

    segments as (select * from {{ ref("int_conversation_segments") }}),

    -- A survey names a case as the tool does, a feed puts the kind of its threads before the id.
    named as (
        select *, {{ surrogate_key(["conversation_source", "thread_id"]) }} as tool_thread_key
        from answers
        where thread_id is not null

        union all

        select
            *,
            {{ surrogate_key(["conversation_source", "'case:' || thread_id"]) }} as tool_thread_key
        from answers
        where thread_id is not null
    ),

    -- The conversation is the one in force in its thread when the survey was sent.
    final as (
        select
            named.survey_key,
            segments.conversation_key,
            segments.network,
            segments.profile_key,
            named.survey_kind,
            named.is_satisfied,
            named.responded_at
        from named
        inner join threads on threads.tool_thread_key = named.tool_thread_key
        inner join
            segments
            on segments.thread_key = threads.thread_key
            and coalesce(named.sent_at, named.responded_at) >= segments.segment_started_at
            and coalesce(named.sent_at, named.responded_at)
            < coalesce(segments.segment_ends_before_at, {{ far_future() }})
    )

select *
from final
