with
    answers as (select * from {{ ref("int_survey_answers") }}),

    read as (
        select *, lower(trim(score_text)) as word, {{ try_number("score_text") }} as score
        from answers
    ),

    -- A score outside its scale is no answer to the question asked: it is kept as text and
    -- counted nowhere.
    scored as (
        select
            *,
            case
                when responded_at is null
                then null
                when scale = 'good_bad'
                then case when word in ('good', '1') then 1.0 when word in ('bad', '0') then 0.0 end
                when scale = 'yes_no'
                then
                    case
                        when word in ('yes', 'true', '1')
                        then 1.0
                        when word in ('no', 'false', '0')
                        then 0.0
                    end
                when scale = '1-5' and score >= 1 and score <= 5
                then (score - 1) / 4
                when scale = '1-7' and score >= 1 and score <= 7
                then (score - 1) / 6
                when scale = '0-10' and score >= 0 and score <= 10
                then score / 10
            end as score_share
        from read
    ),

    final as (
        select
            survey_key,
            source,
            natural_survey_id,

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
            has_comment,
            responded_at is not null as is_answered,

            score_share,
            case
                when survey_kind <> 'csat' or score_share is null
                then null
                when scale in ('good_bad', 'yes_no')
                then score_share = 1.0
                when scale = '1-5'
                then score >= 4
                when scale = '1-7'
                then score >= 6
                when scale = '0-10'
                then score >= 8
            end as is_satisfied,
            case
                when survey_kind <> 'nps' or scale <> '0-10' or score_share is null
                then null
                when score >= 9
                then 'promoter'
                when score >= 7
                then 'passive'
                else 'detractor'
            end as nps_group
        from scored
    )

select *
from final
