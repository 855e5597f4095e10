with
    surveys as (select * from {{ ref("stg_surveys__responses") }}),

    inbox_answers as (select * from {{ ref("stg_ringcentral_engage__responses") }}),

    interventions as (select * from {{ ref("stg_ringcentral_engage__interventions") }}),

    ticket_surveys as (select * from {{ ref("int_zendesk_surveys") }}),

    aliases as (select * from {{ ref("network_aliases") }}),

    -- The inbox sends one survey an intervention; who answers twice has answered with the later
    -- one.
    latest_answers as (
        select {{ all_but("place") }}
        from
            (
                select
                    *,
                    coalesce(intervention_id, 'response:' || response_id) as natural_survey_id,
                    row_number() over (
                        partition by coalesce(intervention_id, 'response:' || response_id)
                        order by responded_at desc, exported_at desc, response_id desc
                    ) as place
                from inbox_answers
            )
        where place = 1
    ),

    sent as (
        select *
        from interventions
        where survey_sent_at is not null and survey_sent_at <= {{ as_of() }}
    ),

    -- An export filtered by date may hold an answer without the intervention it belongs to, and
    -- the other way round.
    inbox_surveys as (
        select
            coalesce(latest_answers.natural_survey_id, sent.intervention_id) as natural_survey_id,
            sent.survey_sent_at as sent_at,
            latest_answers.responded_at,
            coalesce(latest_answers.contact_id, sent.contact_id) as contact_id,
            coalesce(latest_answers.agent_id, sent.agent_id) as agent_id,
            coalesce(latest_answers.thread_id, sent.thread_id) as thread_id,
            coalesce(latest_answers.network_word, sent.network_word) as network_word,
            latest_answers.score as score_text
        from sent
        full outer join latest_answers on latest_answers.natural_survey_id = sent.intervention_id
    ),

    final as (
        select
            survey_key,
            'surveys' as source,
            survey_id as natural_survey_id,

            sent_at,
            responded_at,

            contact_id,
            agent_id,
            conversation_source,
            thread_id,

            survey_kind,
            scale,
            network,
            score_text,
            comment is not null as has_comment
        from surveys

        union all

        select
            {{ surrogate_key(["'ringcentral_engage'", "inbox_surveys.natural_survey_id"]) }}
            as survey_key,
            'ringcentral_engage' as source,
            inbox_surveys.natural_survey_id,

            inbox_surveys.sent_at,
            inbox_surveys.responded_at,

            inbox_surveys.contact_id,
            inbox_surveys.agent_id,
            'ringcentral_engage' as conversation_source,
            inbox_surveys.thread_id,

            'csat' as survey_kind,
            '1-5' as scale,
            aliases.network,
            cast(inbox_surveys.score_text as {{ dbt.type_string() }}) as score_text,
            false as has_comment
        from inbox_surveys
        left join aliases on aliases.alias = inbox_surveys.network_word

        union all

        select
            {{ surrogate_key(["'zendesk'", "ticket_surveys.survey_id"]) }} as survey_key,
            'zendesk' as source,
            ticket_surveys.survey_id as natural_survey_id,

            ticket_surveys.sent_at,
            ticket_surveys.responded_at,

            ticket_surveys.contact_id,
            ticket_surveys.agent_id,
            'zendesk' as conversation_source,
            ticket_surveys.ticket_id as thread_id,

            'csat' as survey_kind,
            'good_bad' as scale,
            coalesce(aliases.network, ticket_surveys.network_word) as network,
            ticket_surveys.score_word as score_text,
            ticket_surveys.has_comment
        from ticket_surveys
        left join aliases on aliases.alias = ticket_surveys.network_word
    )

select *
from final
