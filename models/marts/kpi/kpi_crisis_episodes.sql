with
    hours as (select * from {{ ref("kpi_crisis_hours") }} where is_crisis),

    messages as (
        select *
        from {{ ref("fct_messages") }}
        where direction = 'in' and not is_spam and not is_own
    ),

    replies as (select * from {{ ref("fct_replies") }}),

    tags as (select * from {{ ref("bridge_message_tags") }} where tag_kind = 'topic'),

    campaigns as (
        select * from {{ ref("dim_campaign") }} where is_planned and is_own_brand and is_possible
    ),

    parted as (select *, lag(ended_at) over (order by started_at) as previous_ended_at from hours),

    -- Less than six hours of calm are a pause within one episode.
    numbered as (
        select
            *,
            sum(
                case
                    when previous_ended_at is null
                    then 1
                    when {{ seconds_between("previous_ended_at", "started_at") }} >= 21600
                    then 1
                    else 0
                end
            ) over (order by started_at rows between unbounded preceding and current row)
            as episode_number
        from parted
    ),

    -- The first of the hours with most messages is the peak.
    ranked as (
        select
            *,
            row_number() over (
                partition by episode_number order by messages desc, started_at
            ) as rank_of_hour
        from numbered
    ),

    episodes as (
        select
            episode_number,
            min(started_at) as started_at,
            max(ended_at) as ended_at,
            min(case when rank_of_hour = 1 then started_at end) as peak_at,
            count(*) as crisis_hours,
            max(messages) as peak_messages,
            max(score) as peak_score,
            sum(median_messages) as usual_messages,
            min(rule) as rule
        from ranked
        group by episode_number
    ),

    written as (
        select episodes.episode_number, messages.message_key, messages.network, messages.sentiment
        from episodes
        inner join
            messages
            on messages.sent_at >= episodes.started_at
            and messages.sent_at < episodes.ended_at
    ),

    counted as (
        select
            episode_number,
            count(*) as messages,
            count(sentiment) as classified_messages,
            count(*) filter (where sentiment = 'negative') as negative_messages
        from written
        group by episode_number
    ),

    networks as (
        select {{ all_but("place") }}
        from
            (
                select
                    episode_number,
                    network,
                    row_number() over (
                        partition by episode_number order by count(*) desc, network
                    ) as place
                from written
                group by episode_number, network
            )
        where place = 1
    ),

    topics as (
        select {{ all_but("place") }}
        from
            (
                select
                    written.episode_number,
                    tags.tag_value as topic,
                    row_number() over (
                        partition by written.episode_number order by count(*) desc, tags.tag_value
                    ) as place
                from written
                inner join tags on tags.message_key = written.message_key
                where tags.tag_value <> 'untagged'
                group by written.episode_number, tags.tag_value
            )
        where place = 1
    ),

    answered as (
        select
            episodes.episode_number,
            min(replies.replied_at) as acknowledged_at,
            count(*) filter (
                where replies.is_first and replies.is_replied and replies.is_in_scope
            ) as first_replies,
            sum(replies.wait_s) filter (
                where replies.is_first and replies.is_replied and replies.is_in_scope
            ) as first_wait_s
        from episodes
        inner join
            replies
            on replies.started_at >= episodes.started_at
            and replies.started_at < episodes.ended_at
        group by episodes.episode_number
    ),

    planned as (
        select
            episodes.episode_number,
            {{ join_texts("campaigns.campaign", "', '") }} as planned_campaigns
        from episodes
        inner join
            campaigns
            on coalesce(campaigns.starts_on, {{ reporting_date("episodes.started_at") }})
            <= {{ reporting_date("episodes.ended_at") }}
            and coalesce(campaigns.ends_on, {{ reporting_date("episodes.started_at") }})
            >= {{ reporting_date("episodes.started_at") }}
        group by episodes.episode_number
    ),

    final as (
        select
            {{ surrogate_key(["'crisis'", "episodes.started_at"]) }} as episode_key,

            episodes.started_at,
            {{ reporting_date("episodes.started_at") }} as started_on,
            episodes.peak_at,
            episodes.ended_at,
            answered.acknowledged_at,

            networks.network,
            topics.topic,
            planned.planned_campaigns,
            episodes.rule,
            coalesce(
                answered.acknowledged_at <= {{ add_seconds("episodes.started_at", "3600") }}, false
            ) as is_acknowledged,

            cast(episodes.crisis_hours as bigint) as crisis_hours,
            counted.messages,
            counted.classified_messages,
            counted.negative_messages,
            cast(episodes.peak_messages as bigint) as peak_messages,
            cast(episodes.usual_messages as double) as usual_messages,
            cast(episodes.peak_score as double) as peak_score,
            {{ seconds_between("episodes.started_at", "answered.acknowledged_at") }}
            as acknowledge_s,
            coalesce(answered.first_replies, 0) as first_replies,
            cast(answered.first_wait_s as bigint) as first_wait_s
        from episodes
        inner join counted on counted.episode_number = episodes.episode_number
        left join networks on networks.episode_number = episodes.episode_number
        left join topics on topics.episode_number = episodes.episode_number
        left join answered on answered.episode_number = episodes.episode_number
        left join planned on planned.episode_number = episodes.episode_number
    )

select *
from final
