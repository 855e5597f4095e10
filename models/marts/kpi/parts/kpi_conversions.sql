with
    conversions as (select * from {{ ref("fct_conversions") }} where is_primary),

    attribution as (
        select *
        from {{ ref("fct_attribution") }}
        where is_primary and model in ('linear', 'last_touch')
    ),

    {{ judged_conversions("conversions", "attribution") }},

    final as (
        select
            conversion_key,

            converted_on,

            1 as conversions,
            has_visitor as visitor_conversions,
            is_assisted as assisted_conversions,
            cast(taken_by_search as double) as taken_by_search,
            cast(taken_by_search * value as double) as revenue_taken_by_search,
            cast(taken_by_last_touch as double) as taken_by_last_touch,
            cast(taken_by_last_touch * value as double) as revenue_taken_by_last_touch
        from judged_conversions
    )

select *
from final
