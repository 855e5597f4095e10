with
    conversations as (select * from {{ ref("fct_conversations") }} where is_in_scope),

    topics as (select * from {{ ref("bridge_conversation_tags") }} where tag_kind = 'topic'),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    opened as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            conversations.conversation_key,
            conversations.handle_s
        from conversations
        inner join period_days on period_days.date_on = conversations.opened_on
    ),

    medians as (
        select
            period_kind,
            period_start_on,
            {{ percentile_of_seconds("handle_s", 0.5) }} as median_handle_s
        from opened
        group by period_kind, period_start_on
    ),

    memberships as (
        select
            opened.period_kind,
            opened.period_start_on,
            topics.tag_value as topic,
            count(*) as volume,
            {{ percentile_of_seconds("opened.handle_s", 0.5) }} as median_handle_s
        from opened
        inner join topics on topics.conversation_key = opened.conversation_key
        group by opened.period_kind, opened.period_start_on, topics.tag_value
    ),

    ranked as (
        select
            *,
            row_number() over (
                partition by period_kind, period_start_on
                order by case when topic = 'untagged' then 1 else 0 end, volume desc, topic
            ) as volume_rank
        from memberships
    ),

    -- What comes often and is quick work could be answered by a page: candidates for the list of
    -- frequent questions.
    counted as (
        select
            ranked.period_kind,
            ranked.period_start_on,
            'overall' as slice_kind,
            'all' as slice_value,
            sum(ranked.volume) as volume,
            coalesce(
                sum(ranked.volume) filter (
                    where
                        ranked.volume_rank <= 10
                        and ranked.topic <> 'untagged'
                        and ranked.median_handle_s < medians.median_handle_s
                ),
                0
            ) as repetitive
        from ranked
        inner join
            medians
            on medians.period_kind = ranked.period_kind
            and medians.period_start_on = ranked.period_start_on
        group by ranked.period_kind, ranked.period_start_on
    ),

    final as ({{ kpi_row("counted", "K39", numerator="repetitive", denominator="volume") }})

select *
from final
