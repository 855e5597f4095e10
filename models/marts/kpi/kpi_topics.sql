with
    cells as (
        select *
        from {{ ref("kpi_scorecard") }}
        where
            slice_kind in ('topic', 'product_topic')
            and kpi_id in ('K20', 'K04', 'K05', 'K05_p90', 'K07', 'K13', 'K26')
    ),

    tags as (select distinct tag_kind, tag_value from {{ ref("bridge_conversation_tags") }}),

    topics as (
        select 'topic' as slice_kind, tag_value as slice_value, 'all' as product, tag_value as topic
        from tags
        where tag_kind = 'topic'

        union all

        select
            'product_topic' as slice_kind,
            products.tag_value || ' × ' || topics.tag_value as slice_value,
            products.tag_value as product,
            topics.tag_value as topic
        from tags as products
        cross join tags as topics
        where products.tag_kind = 'product' and topics.tag_kind = 'topic'
    ),

    named as (
        select cells.*, topics.product, topics.topic
        from cells
        inner join
            topics
            on topics.slice_kind = cells.slice_kind
            and topics.slice_value = cells.slice_value
    ),

    laid_out as (
        select
            period_kind,
            period_start_on,
            period_end_on,
            product,
            topic,
            max(case when kpi_id = 'K20' then value end) as conversations,
            max(case when kpi_id = 'K04' then n end) as first_replies,
            max(case when kpi_id = 'K04' then value end) as first_reply_mean_h,
            max(case when kpi_id = 'K05' then value end) as first_reply_median_h,
            max(case when kpi_id = 'K05_p90' then value end) as first_reply_p90_h,
            max(case when kpi_id = 'K07' then value end) as within_4h_share,
            max(case when kpi_id = 'K13' then value end) as response_rate,
            max(case when kpi_id = 'K26' then value end) as first_contact_resolution,
            max(as_of_at) as as_of_at
        from named
        group by period_kind, period_start_on, period_end_on, product, topic
    ),

    final as (
        select
            {{ surrogate_key(["period_kind", "period_start_on", "product", "topic"]) }}
            as topic_period_key,
            period_kind,
            period_start_on,
            period_end_on,
            product,
            topic,
            cast(coalesce(conversations, 0) as bigint) as conversations,
            cast(coalesce(first_replies, 0) as bigint) as first_replies,
            first_reply_mean_h,
            first_reply_median_h,
            first_reply_p90_h,
            within_4h_share,
            response_rate,
            first_contact_resolution,
            -- What has no first reply has no place in the ranking of the slowest.
            case
                when first_reply_mean_h is not null
                then
                    row_number() over (
                        partition by period_kind, period_start_on, product
                        order by
                            case when first_reply_mean_h is null then 1 else 0 end,
                            first_reply_mean_h desc,
                            topic
                    )
            end as slowness_rank,
            row_number() over (
                partition by period_kind, period_start_on, product
                order by coalesce(conversations, 0) desc, topic
            ) as volume_rank,
            as_of_at
        from laid_out
        where conversations > 0 or first_replies > 0
    )

select *
from final
