{#- Two steps of a query, the last of which is called followed_visitors: who came from social for the first time, and
    whether they converted within 90 days. Both the scorecard and kpi_social_visitors read it. -#}
{% macro followed_visitors(sessions, conversions) -%}
    first_social as (
        select {{ all_but("place") }}
        from
            (
                select
                    visitor_key,
                    network,
                    started_at,
                    started_on,
                    row_number() over (partition by visitor_key order by session_number) as place
                from {{ sessions }} as sessions
                where is_social
            )
        where place = 1
    ),

    -- Who has not had 90 days yet is in no cohort yet.
    followed_visitors as (
        select
            first_social.visitor_key,
            first_social.network,
            first_social.started_on,
            max(
                case
                    when
                        conversions.converted_at >= first_social.started_at
                        and conversions.converted_at
                        <= {{ add_seconds("first_social.started_at", 7776000) }}
                    then 1
                    else 0
                end
            ) as is_converted
        from first_social
        left join
            {{ conversions }} as conversions on conversions.visitor_key = first_social.visitor_key
        where {{ add_seconds("first_social.started_at", 7776000) }} <= {{ as_of() }}
        group by first_social.visitor_key, first_social.network, first_social.started_on
    )
{%- endmacro %}
