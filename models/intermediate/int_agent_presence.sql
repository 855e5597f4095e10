with
    presence as (select * from {{ ref("stg_ringcentral_engage__presence_time") }}),

    -- Free, at work and away on each channel. A full agent works, an unoccupied one is free.
    by_channel as (
        select
            agent_id,
            date_on,
            channel,
            {{ exact_sum("spent_s", "state in ('available', 'unoccupied')") }} as available_s,
            {{ exact_sum("spent_s", "state in ('busy', 'full')") }} as busy_s,
            max(spent_s) filter (where state = 'away_total') as away_total_s,
            max(spent_s) filter (where state = 'away') as away_s,
            {{ exact_sum("spent_s", "state = 'custom_away'") }} as custom_away_s,
            max(spent_s) filter (where state = 'presence') as presence_s
        from presence
        group by agent_id, date_on, channel
    ),

    -- An agent is in a state on each channel at the same time, so channels do not add up: the
    -- longest counts.
    by_day as (
        select
            agent_id,
            date_on,
            max(available_s) as available_s,
            max(busy_s) as busy_s,
            coalesce(
                max(away_total_s),
                case
                    when max(away_s) is not null or sum(custom_away_s) is not null
                    then coalesce(max(away_s), 0) + coalesce({{ exact_sum("custom_away_s") }}, 0)
                end
            ) as away_s,
            max(presence_s) as presence_s,
            max(
                coalesce(available_s, 0) + coalesce(busy_s, 0) + coalesce(away_total_s, away_s, 0)
            ) as longest_channel_s
        from by_channel
        group by agent_id, date_on
    ),

    final as (
        select
            {{ surrogate_key(["'ringcentral_engage'", "agent_id", "date_on"]) }}
            as agent_presence_key,
            {{ surrogate_key(["'ringcentral_engage'", "agent_id"]) }} as agent_key,
            'ringcentral_engage' as source,
            agent_id,

            date_on,

            available_s,
            away_s,
            busy_s,
            coalesce(presence_s, longest_channel_s) as present_s
        from by_day
    )

select *
from final
