with
    costs as (select * from {{ stream("costs", "monthly") }}),

    known as (
        select
            *,
            cast(date_trunc('month', month) as date) as month_on,
            nullif(trim(category), '') as category_name,
            nullif(trim(channel), '') as channel_name,
            nullif(trim(campaign), '') as campaign_name,
            upper(nullif(trim(currency), '')) as currency_code
        from costs
        where month <= cast({{ as_of() }} as date)
    ),

    -- A later file restates a line; two equal lines inside one file are two costs.
    ranked as (
        select
            *,
            rank() over (
                partition by month_on, category_name, channel_name, campaign_name, currency_code
                order by _exported_at desc, _source_file desc, _file_sha256 desc
            ) as file_rank
        from known
    ),

    final as (
        select
            {{
                surrogate_key(
                    [
                        "'costs'",
                        "month_on",
                        "category_name",
                        "channel_name",
                        "campaign_name",
                        "currency_code",
                        "_file_sha256",
                        "_source_row",
                    ]
                )
            }} as cost_line_key,

            month_on,

            category_name as category,
            channel_name as channel,
            campaign_name as campaign,

            amount,
            currency_code as currency
        from ranked
        where file_rank = 1
    )

select *
from final
