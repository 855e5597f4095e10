with
    families as (
        select
            'messages' as family,
            min(sent_on) as first_on
        from {{ ref("fct_messages") }}
        union all
        select 'turns', min(started_on)
        from {{ ref("fct_replies") }}
        union all
        select 'conversations', min(opened_on)
        from {{ ref("fct_conversations") }}
        union all
        select 'backlog', min(opened_on)
        from {{ ref("fct_conversations") }}
        union all
        select 'surveys', min(sent_on)
        from {{ ref("fct_survey_responses") }}
        union all
        select 'posts', min(metric_on)
        from {{ ref("fct_engagement") }}
        union all
        select 'web', min(started_on)
        from {{ ref("fct_web_sessions") }}
    ),

    final as (select family, first_on from families)

select *
from final
