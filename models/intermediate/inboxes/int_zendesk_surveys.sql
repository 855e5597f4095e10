with
    ratings as (select * from {{ ref("stg_zendesk__satisfaction_ratings") }}),

    tickets as (select * from {{ ref("stg_zendesk__tickets") }}),

    snapshots as (select * from {{ ref("stg_zendesk__ticket_snapshots") }}),

    people as (select * from {{ ref("int_zendesk_people") }}),

    described as (select * from tickets where is_latest),

    rated as (select distinct ticket_id from ratings where score_word <> 'unoffered'),

    -- Without the list of ratings the ticket's own score tells, and when it changed.
    scores as (
        select
            ticket_id,
            known_at,
            coalesce(updated_at, created_at) as changed_at,
            requester_id,
            assignee_id as agent_id,
            satisfaction_score
        from tickets

        union all

        select
            snapshots.ticket_id,
            snapshots.exported_at as known_at,
            coalesce(snapshots.updated_at, snapshots.created_at) as changed_at,
            snapshots.requester_id,
            people.natural_id as agent_id,
            snapshots.satisfaction_score
        from snapshots
        left join people on people.kind = 'agent' and people.name = snapshots.agent_name
    ),

    last_scores as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    row_number() over (
                        partition by ticket_id order by known_at desc, changed_at desc
                    ) as place
                from scores
                where satisfaction_score in ('offered', 'good', 'bad')
            )
        where place = 1
    ),

    first_shown as (
        select
            scores.ticket_id,
            min(scores.changed_at) filter (
                where scores.satisfaction_score in ('offered', 'good', 'bad')
            ) as sent_at,
            min(scores.changed_at) filter (
                where scores.satisfaction_score = last_scores.satisfaction_score
            ) as shown_at
        from scores
        inner join last_scores on last_scores.ticket_id = scores.ticket_id
        group by scores.ticket_id
    ),

    surveys as (
        select
            rating_id as survey_id,
            ticket_id,
            sent_at,
            responded_at,
            requester_id as contact_id,
            assignee_id as agent_id,
            score_word,
            has_comment
        from ratings
        where score_word <> 'unoffered'

        union all

        select
            'ticket:' || last_scores.ticket_id as survey_id,
            last_scores.ticket_id,
            first_shown.sent_at,
            case
                when last_scores.satisfaction_score in ('good', 'bad') then first_shown.shown_at
            end as responded_at,
            last_scores.requester_id as contact_id,
            last_scores.agent_id,
            last_scores.satisfaction_score as score_word,
            false as has_comment
        from last_scores
        inner join first_shown on first_shown.ticket_id = last_scores.ticket_id
        left join rated on rated.ticket_id = last_scores.ticket_id
        where rated.ticket_id is null
    ),

    final as (
        select
            surveys.survey_id,
            surveys.ticket_id,

            surveys.sent_at,
            surveys.responded_at,

            surveys.contact_id,
            surveys.agent_id,

            described.network_word,
            case when surveys.responded_at is not null then surveys.score_word end as score_word,
            surveys.has_comment
        from surveys
        left join described on described.ticket_id = surveys.ticket_id
    )

select *
from final
