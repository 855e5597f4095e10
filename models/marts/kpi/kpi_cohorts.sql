{%- set month_s = 2592000 -%}
{%- set months = 12 -%}

with
    sessions as (select * from {{ ref("fct_web_sessions") }} where not is_automated),

    conversions as (select * from {{ ref("fct_conversions") }} where is_primary),

    first_social as (
        select {{ all_but("place") }}
        from
            (
                select
                    visitor_key,
                    coalesce(network, 'none') as network,
                    started_at,
                    {{ month_start("started_on") }} as cohort_month_on,
                    row_number() over (partition by visitor_key order by session_number) as place
                from sessions
                where is_social
            )
        where place = 1
    ),

    sizes as (
        select cohort_month_on, network, count(*) as visitors
        from first_social
        group by cohort_month_on, network
    ),

    -- A month here is 30 days by the clock of each visitor, so that every visitor has had it whole.
    bought as (
        select
            first_social.cohort_month_on,
            first_social.network,
            first_social.visitor_key,
            cast(
                floor(
                    {{ seconds_between("first_social.started_at", "conversions.converted_at") }}
                    / {{ month_s }}.0
                ) as bigint
            ) as months_since,
            conversions.value
        from first_social
        inner join conversions on conversions.visitor_key = first_social.visitor_key
        where conversions.converted_at >= first_social.started_at
    ),

    ranked as (
        select
            *, row_number() over (partition by visitor_key order by months_since) as purchase_number
        from bought
    ),

    counted as (
        select
            cohort_month_on,
            network,
            months_since,
            sum(case when purchase_number = 1 then 1 else 0 end) as newly_converted,
            count(*) as conversions,
            {{ exact_sum("value") }} as revenue
        from ranked
        group by cohort_month_on, network, months_since
    ),

    ages as (
        {% for month in range(months) -%}
            select cast({{ month }} as bigint) as months_since
            {%- if not loop.last %}
                union all
            {% endif %}
        {%- endfor %}
    ),

    -- Only months that have begun for somebody; the last of them are not over for everybody.
    grown as (
        select
            sizes.cohort_month_on,
            sizes.network,
            ages.months_since,
            sizes.visitors,
            coalesce(counted.newly_converted, 0) as newly_converted,
            coalesce(counted.conversions, 0) as conversions,
            case when counted.conversions is null then 0 else counted.revenue end as revenue,
            {{
                add_seconds(
                    reporting_day_start(add_months("sizes.cohort_month_on", 1)),
                    "(ages.months_since + 1) * " ~ month_s,
                )
            }} <= {{ as_of() }} as is_complete
        from sizes
        cross join ages
        left join
            counted
            on counted.cohort_month_on = sizes.cohort_month_on
            and counted.network = sizes.network
            and counted.months_since = ages.months_since
        where
            {{
                add_seconds(
                    reporting_day_start("sizes.cohort_month_on"), "ages.months_since * " ~ month_s
                )
            }} < {{ as_of() }}
    ),

    final as (
        select
            {{ surrogate_key(["cohort_month_on", "network", "months_since"]) }} as cohort_key,

            cohort_month_on,

            network,
            months_since,
            is_complete,

            cast(visitors as bigint) as visitors,
            cast(
                sum(newly_converted) over (
                    partition by cohort_month_on, network
                    order by months_since
                    rows between unbounded preceding and current row
                ) as bigint
            ) as converted_visitors,
            cast(conversions as bigint) as conversions,
            revenue
        from grown
    )

select *
from final
