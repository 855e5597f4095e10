with
    mentions as (
        select {{ all_but("place") }}
        from
            (
                select *, row_number() over (partition by mention_key order by brand) as place
                from {{ ref("fct_mentions") }}
                where is_own_brand and not is_by_us and author_key is not null
            )
        where place = 1
    ),

    -- Of an author's mentions in one instant the one of the greatest key is the latest.
    ordered as (
        select
            *,
            row_number() over (
                partition by author_key order by sent_at, mention_key
            ) as mention_number
        from mentions
    ),

    period_days as (
        select * from {{ ref("kpi_period_days") }} where period_kind in ('month', 'quarter')
    ),

    counted as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            mentions.author_key,
            min(mentions.network) as network,
            max(mentions.sent_on) as last_mention_on,
            max_by(mentions.author_tier, mentions.mention_number) filter (
                where mentions.author_tier <> 'unknown'
            ) as author_tier,
            max_by(mentions.author_followers, mentions.mention_number) filter (
                where mentions.author_followers is not null
            ) as author_followers,
            max(case when mentions.is_verified then 1 else 0 end) = 1 as is_verified,
            count(*) as mentions,
            count(*) filter (where mentions.sentiment = 'positive') as positive_mentions,
            count(*) filter (where mentions.sentiment = 'neutral') as neutral_mentions,
            count(*) filter (where mentions.sentiment = 'negative') as negative_mentions,
            count(*) filter (where mentions.is_answered) as answered,
            cast(sum(mentions.engagements) as bigint) as engagements,
            cast(sum(mentions.impressions) as bigint) as impressions
        from ordered as mentions
        inner join period_days on period_days.date_on = mentions.sent_on
        group by period_days.period_kind, period_days.period_start_on, mentions.author_key
    ),

    -- Who reaches nobody we know of is no influencer: authors without followers told stay out.
    ranked as (
        select
            *,
            row_number() over (
                partition by period_kind, period_start_on
                order by author_followers desc, mentions desc, author_key
            ) as reach_rank
        from counted
        where author_followers is not null
    ),

    final as (
        select
            {{ surrogate_key(["period_kind", "period_start_on", "author_key"]) }} as influencer_key,
            *
        from ranked
        where reach_rank <= 100
    )

select *
from final
