with
    answers as (select * from {{ ref("int_survey_answers_scored") }}),

    survey_conversations as (select * from {{ ref("int_survey_conversations") }}),

    accounts as (select * from {{ ref("int_contact_accounts") }}),

    conversations as (select * from {{ ref("fct_conversations") }}),

    agent_teams as (select * from {{ ref("int_agent_teams") }}),

    placed as (
        select survey_conversations.*, conversations.closing_team
        from survey_conversations
        left join
            conversations on conversations.conversation_key = survey_conversations.conversation_key
    ),

    teams as (
        select {{ all_but("rows_alike") }}
        from
            (
                select
                    answers.survey_key,
                    agent_teams.agent_key,
                    agent_teams.team,
                    count(*) over (partition by answers.survey_key) as rows_alike
                from answers
                inner join
                    agent_teams
                    on agent_teams.agent_id = answers.agent_id
                    and agent_teams.source
                    = coalesce(answers.conversation_source, agent_teams.source)
                    and
                    {{ in_force("agent_teams", "coalesce(answers.sent_at, answers.responded_at)") }}
            -- A survey that names no tool and an id that agents of two tools share name nobody.
            )
        where rows_alike = 1
    ),

    final as (
        select
            answers.survey_key,
            answers.natural_survey_id,
            placed.conversation_key,
            teams.agent_key,
            case
                when answers.contact_id is not null
                then
                    coalesce(
                        accounts.contact_key,
                        {{ surrogate_key(["answers.conversation_source", "answers.contact_id"]) }}
                    )
            end as contact_key,

            answers.sent_at,
            cast({{ reporting_date("answers.sent_at") }} as date) as sent_on,
            answers.responded_at,
            cast({{ reporting_date("answers.responded_at") }} as date) as responded_on,

            answers.source,
            coalesce(placed.network, answers.network) as network,
            coalesce(teams.team, placed.closing_team, 'unassigned') as team,

            answers.survey_kind,
            answers.scale,
            answers.score_text,
            cast(answers.score_share as double) as score_share,
            answers.is_answered,
            answers.is_satisfied,
            answers.nps_group,
            answers.has_comment
        from answers
        left join placed on placed.survey_key = answers.survey_key
        left join teams on teams.survey_key = answers.survey_key
        left join
            accounts
            on accounts.source = answers.conversation_source
            and accounts.contact_id = answers.contact_id
    )

select *
from final
