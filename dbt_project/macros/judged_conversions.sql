{#- Two steps of a query, the last of which is called judged_conversions: what each conversion says about social, from its
    credits under the linear and the last-touch model. Both the scorecard and kpi_conversions read it. -#}
{% macro judged_conversions(conversions, attribution) -%}
    told as (
        select
            conversion_key,
            max(case when model = 'linear' and is_social then 1 else 0 end) as has_social,
            max(case when model = 'last_touch' and is_social then 1 else 0 end) as ends_social,
            max(
                case when model = 'last_touch' and channel_group = 'Paid Search' then 1 else 0 end
            ) as ends_in_paid_search,
            coalesce(
                {{ exact_sum("credit", "model= 'linear' and is_social", digits=18) }}, 0
            ) as linear_social,
            -- Back to whole microseconds: a difference of days has dust of its own.
            round(
                (
                    max(case when model = 'linear' and is_social then days_before end)
                    - max(case when model = 'last_touch' then days_before end)
                )
                * 86400000000
            ) as social_earlier_us
        from {{ attribution }} as attribution
        where model in ('linear', 'last_touch')
        group by conversion_key
    ),

    judged_conversions as (
        select
            conversions.conversion_key,
            conversions.converted_on,
            conversions.value,
            case when conversions.visitor_key is not null then 1 else 0 end as has_visitor,
            case when told.has_social = 1 and told.ends_social = 0 then 1 else 0 end as is_assisted,
            case
                when told.ends_in_paid_search = 1 and told.social_earlier_us >= 2592000000000
                then told.linear_social
            end as taken_by_search,
            told.linear_social - told.ends_social as taken_by_last_touch
        from {{ conversions }} as conversions
        inner join told on told.conversion_key = conversions.conversion_key
    )
{%- endmacro %}
