with
    turns as (select * from {{ ref("kpi_turns") }} where first_replies = 1),

    episodes as (select * from {{ ref("kpi_crisis_episodes") }}),

    -- By the day the wait began, as first replies are everywhere.
    final as (
        select
            {{ surrogate_key(["episodes.episode_key", "turns.turn_key"]) }} as crisis_reply_key,
            episodes.episode_key,
            turns.turn_key,
            turns.conversation_key,

            turns.started_on,

            1 as first_replies,
            turns.first_reply_s
        from turns
        inner join
            episodes
            on turns.started_at >= episodes.started_at
            and turns.started_at < episodes.ended_at
    )

select *
from final
