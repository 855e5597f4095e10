with
    responses as (select * from {{ stream("surveys", "responses") }}),

    -- An answer given after the as-of instant is a survey without an answer yet.
    known as (
        select
            *,
            case when responded_at <= {{ as_of() }} then responded_at end as known_responded_at,
            case when responded_at <= {{ as_of() }} then score end as known_score,
            case when responded_at <= {{ as_of() }} then comment end as known_comment
        from responses
        where sent_at is null or sent_at <= {{ as_of() }}
    ),

    -- A customer may answer twice: the latest answer wins, then the latest export of it.
    deduplicated as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by survey_id
                        order by known_responded_at desc nulls last, {{ latest_version_first() }}
                    ) as place
                from known
            )
        where place = 1
    ),

    final as (
        select
            {{ surrogate_key(["'surveys'", "survey_id"]) }} as survey_key,
            survey_id,

            sent_at,
            known_responded_at as responded_at,

            contact_id,
            agent_id,
            conversation_source,
            conversation_id as thread_id,

            lower(trim(kind)) as survey_kind,
            lower(trim(scale)) as scale,
            lower(trim(network)) as network,
            nullif(trim(known_score), '') as score_text,
            nullif(trim(known_comment), '') as comment
        from deduplicated
    )

select *
from final
