with
    families as (
        select 'messages' as family, min(sent_on) as first_on
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
        -- An inbox that exports no closes, no agents or no sentiment says nothing about them,
        -- which is not zero.
        select 'closes', min(opened_on) filter (where closes > 0)
        from {{ ref("fct_conversations") }}
        union all
        select 'agents', min(opened_on) filter (where agents > 0)
        from {{ ref("fct_conversations") }}
        union all
        select 'sentiment', min(sent_on) filter (where sentiment is not null)
        from {{ ref("fct_messages") }}
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
