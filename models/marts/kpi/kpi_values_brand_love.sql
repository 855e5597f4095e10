with
    messages as (
        select *
        from {{ ref("fct_messages") }}
        where direction = 'in' and not is_spam and not is_own
    ),

    positive as (select * from {{ ref("kpi_positive_messages") }}),

    slices as (select * from {{ ref("kpi_message_slices") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    counted as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            slices.slice_kind,
            slices.slice_value,
            count(*) as messages,
            count(messages.sentiment) as classified,
            count(*) filter (where messages.sentiment is null) as unclassified,
            count(*) filter (where messages.sentiment = 'positive')
            - count(*) filter (where messages.sentiment = 'negative') as positive_less_negative,
            count(positive.message_key) as positive_messages,
            count(*) filter (where positive.is_engaged) as engaged,
            count(*) filter (where positive.is_mature) as mature,
            count(*) filter (where positive.is_mature and not positive.is_engaged) as missed
        from messages
        inner join slices on slices.message_key = messages.message_key
        inner join period_days on period_days.date_on = messages.sent_on
        left join positive on positive.message_key = messages.message_key
        group by
            period_days.period_kind,
            period_days.period_start_on,
            slices.slice_kind,
            slices.slice_value
    ),

    final as (
        {{
            kpi_rows(
                "counted",
                [
                    {
                        "id": "K49_engaged",
                        "numerator": "engaged",
                        "denominator": "positive_messages",
                    },
                    {"id": "K51", "numerator": "missed", "n": "missed"},
                    {"id": "K51_share", "numerator": "missed", "denominator": "mature"},
                    {
                        "id": "K58",
                        "numerator": "positive_less_negative",
                        "denominator": "classified",
                    },
                    {
                        "id": "K58_unclassified",
                        "numerator": "unclassified",
                        "denominator": "messages",
                    },
                ],
            )
        }}
    )

select *
from final
