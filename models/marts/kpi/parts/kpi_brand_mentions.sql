with
    mentions as (select * from {{ ref("fct_mentions") }} where not is_by_us),

    -- What names two brands of ours is one mention of us.
    numbered as (
        select
            *,
            case
                when is_own_brand
                then row_number() over (partition by mention_key, is_own_brand order by brand)
            end as own_number
        from mentions
    ),

    judged as (
        select
            *,
            coalesce(own_number = 1, false)
            and sentiment = 'positive'
            and engagements is not null
            and impressions is not null as is_loving,
            coalesce(own_number = 1, false)
            and directedness = 'about_us'
            and not is_repost as is_about_us
        from numbered
    ),

    final as (
        select
            mention_brand_key,
            mention_key,

            sent_on,

            network,
            brand,

            case when is_loving then engagements end as loving_engagements,
            case when is_loving then impressions end as loving_impressions,
            case when is_about_us then 1 else 0 end as about_us_mentions,
            case when is_about_us and is_answered then 1 else 0 end as answered_mentions,

            case when counts_for_share then 1 else 0 end as shared_mentions,
            case when counts_for_share and is_own_brand then 1 else 0 end as own_shared_mentions,
            cast(share_weight as double) as share_weight,
            cast(case when is_own_brand then share_weight else 0 end as double) as own_share_weight
        from judged
    )

select *
from final
