with
    reported as (select * from {{ ref("int_conversation_reported") }}),

    conversations as (select * from {{ ref("fct_conversations") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    numbered as (
        select
            *,
            row_number() over (
                partition by conversation_key, source, metric order by opened_at, value
            ) as episode_number
        from reported
    ),

    -- A tool may report a conversation in several episodes: the first one tells the first reply and
    -- close, the last one the final close, and work adds up.
    told as (
        select
            conversation_key,
            source,
            metric,
            case
                when metric in ('handle_s', 'human_replies', 'reopens')
                then {{ exact_sum("value") }}
                when metric = 'final_close_s'
                then max_by(value, episode_number)
                else min_by(value, episode_number)
            end as tool_value
        from numbered
        group by conversation_key, source, metric
    ),

    compared as (
        select
            told.conversation_key,
            conversations.opened_on,
            told.source,
            told.metric,
            told.tool_value,
            cast(
                case
                    when told.metric = 'first_reply_s'
                    then conversations.first_reply_s
                    when told.metric = 'first_reply_business_s'
                    then conversations.first_reply_business_s
                    when told.metric = 'first_close_s'
                    then conversations.first_close_s
                    when told.metric = 'final_close_s'
                    then conversations.final_close_s
                    when told.metric = 'handle_s'
                    then conversations.handle_s
                    when told.metric = 'human_replies'
                    then conversations.human_replies
                    when told.metric = 'reopens'
                    then conversations.reopens
                end as double
            ) as our_value,
            case when told.metric in ('human_replies', 'reopens') then 0 else 60 end as tolerance
        from told
        inner join conversations on conversations.conversation_key = told.conversation_key
    ),

    counted as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            compared.source,
            compared.metric,
            count(*) as conversations_told,
            count(compared.our_value) as conversations_compared,
            count(*) filter (
                where abs(compared.tool_value - compared.our_value) <= compared.tolerance
            ) as conversations_agreeing,
            {{ exact_sum("compared.tool_value", "compared.our_value is not null") }} as tool_total,
            {{ exact_sum("compared.our_value", "compared.tool_value is not null") }} as our_total,
            max(abs(compared.tool_value - compared.our_value)) as largest_gap,
            min(compared.tolerance) as tolerance
        from compared
        inner join period_days on period_days.date_on = compared.opened_on
        group by
            period_days.period_kind, period_days.period_start_on, compared.source, compared.metric
    ),

    -- The conversation that disagrees most is the first to look up in the timeline.
    widest as (
        select {{ all_but("place") }}
        from
            (
                select
                    period_days.period_kind,
                    period_days.period_start_on,
                    compared.source,
                    compared.metric,
                    compared.conversation_key,
                    row_number() over (
                        partition by
                            period_days.period_kind,
                            period_days.period_start_on,
                            compared.source,
                            compared.metric
                        order by
                            abs(compared.tool_value - compared.our_value) desc,
                            compared.conversation_key
                    ) as place
                from compared
                inner join period_days on period_days.date_on = compared.opened_on
                where abs(compared.tool_value - compared.our_value) > compared.tolerance
            )
        where place = 1
    ),

    final as (
        select
            {{
                surrogate_key(
                    [
                        "counted.period_kind",
                        "counted.period_start_on",
                        "counted.source",
                        "counted.metric",
                    ]
                )
            }} as reconciliation_key,
            counted.period_kind,
            counted.period_start_on,
            counted.source,
            counted.metric,
            counted.conversations_told,
            counted.conversations_compared,
            counted.conversations_agreeing,
            counted.tool_total / nullif(counted.conversations_compared, 0) as tool_mean,
            counted.our_total / nullif(counted.conversations_compared, 0) as our_mean,
            (counted.tool_total - counted.our_total)
            / nullif(counted.conversations_compared, 0) as mean_gap,
            counted.largest_gap,
            counted.tolerance,
            widest.conversation_key as widest_conversation_key
        from counted
        left join
            widest
            on widest.period_kind = counted.period_kind
            and widest.period_start_on = counted.period_start_on
            and widest.source = counted.source
            and widest.metric = counted.metric
    )

select *
from final
