with
    sessions as (select * from {{ ref("fct_web_sessions") }} where not is_automated),

    conversions as (select * from {{ ref("fct_conversions") }} where is_primary),

    attribution as (select * from {{ ref("fct_attribution") }} where is_primary),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    active_days as (
        select started_on as date_on, 0 as conversions
        from sessions
        group by started_on
        union all
        select converted_on as date_on, count(*) as conversions
        from conversions
        group by converted_on
    ),

    -- A period with visits has a credit, if only of nought.
    periods as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sum(active_days.conversions) as conversions
        from active_days
        inner join period_days on period_days.date_on = active_days.date_on
        group by period_days.period_kind, period_days.period_start_on
    ),

    models as ({{ attribution_model_rows() }}),

    networks as (select distinct network from sessions where network is not null),

    channel_groups as (
        select distinct channel_group
        from sessions
        union
        select distinct channel_group
        from attribution
    ),

    slices as (
        select 'overall' as slice_kind, 'all' as slice_value
        union all
        select 'network' as slice_kind, network as slice_value
        from networks
        union all
        select 'channel_group' as slice_kind, channel_group as slice_value
        from channel_groups
    ),

    -- Overall is social as a whole; the other groups are there to compare it with. A conversion is
    -- of one day, so days add up.
    sliced_days as (
        {% for kind, slice in {
            "overall": ("'all'", "is_social"),
            "network": ("network", "network is not null"),
            "channel_group": ("channel_group", "true"),
        }.items() %}
            select
                converted_on as date_on,
                model,
                '{{ kind }}' as slice_kind,
                {{ slice[0] }} as slice_value,
                count(distinct conversion_key) as conversions,
                {{ exact_sum("credit", digits=18) }} as credit,
                {{ exact_sum("credited_value", digits=18) }} as credited_value
            from attribution
            where {{ slice[1] }}
            group by converted_on, model, {{ slice[0] }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    credits as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sliced_days.model,
            sliced_days.slice_kind,
            sliced_days.slice_value,
            sum(sliced_days.conversions) as conversions,
            {{ exact_sum("sliced_days.credit", digits=18) }} as credit,
            {{ exact_sum("sliced_days.credited_value", digits=18) }} as credited_value
        from sliced_days
        inner join period_days on period_days.date_on = sliced_days.date_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            sliced_days.model,
            sliced_days.slice_kind,
            sliced_days.slice_value
    ),

    -- Credit without a known value has no revenue; no credit has none of it, which is nought.
    credited as (
        select
            periods.period_kind,
            periods.period_start_on,
            models.model,
            slices.slice_kind,
            slices.slice_value,
            coalesce(credits.conversions, 0) as conversions,
            coalesce(credits.credit, 0) as credit,
            case
                when credits.credit is null then 0 else credits.credited_value
            end as credited_value
        from periods
        cross join models
        cross join slices
        left join
            credits
            on credits.period_kind = periods.period_kind
            and credits.period_start_on = periods.period_start_on
            and credits.model = models.model
            and credits.slice_kind = slices.slice_kind
            and credits.slice_value = slices.slice_value
    ),

    {{ judged_conversions("conversions", "attribution") }},

    judged_days as (
        select
            converted_on as date_on,
            sum(has_visitor) as with_visitor,
            sum(is_assisted) as assisted,
            count(taken_by_search) as searches_that_take,
            {{ exact_sum("taken_by_search", digits=18) }} as taken_by_search,
            {{ exact_sum("taken_by_search * value", digits=18) }} as revenue_taken_by_search,
            {{ exact_sum("taken_by_last_touch", digits=18) }} as taken_by_last_touch,
            {{ exact_sum("taken_by_last_touch * value", digits=18) }} as revenue_taken_by_last_touch
        from judged_conversions
        group by converted_on
    ),

    compared_days as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sum(judged_days.with_visitor) as with_visitor,
            sum(judged_days.assisted) as assisted,
            sum(judged_days.searches_that_take) as searches_that_take,
            {{ exact_sum("judged_days.taken_by_search", digits=18) }} as taken_by_search,
            {{ exact_sum("judged_days.revenue_taken_by_search", digits=18) }}
            as revenue_taken_by_search,
            {{ exact_sum("judged_days.taken_by_last_touch", digits=18) }} as taken_by_last_touch,
            {{ exact_sum("judged_days.revenue_taken_by_last_touch", digits=18) }}
            as revenue_taken_by_last_touch
        from judged_days
        inner join period_days on period_days.date_on = judged_days.date_on
        group by period_days.period_kind, period_days.period_start_on
    ),

    compared as (
        select
            periods.period_kind,
            periods.period_start_on,
            'overall' as slice_kind,
            'all' as slice_value,
            periods.conversions,
            coalesce(compared_days.with_visitor, 0) as with_visitor,
            coalesce(compared_days.assisted, 0) as assisted,
            coalesce(compared_days.searches_that_take, 0) as searches_that_take,
            coalesce(compared_days.taken_by_search, 0) as taken_by_search,
            coalesce(compared_days.taken_by_last_touch, 0) as taken_by_last_touch,
            case
                when coalesce(compared_days.searches_that_take, 0) = 0
                then 0
                else compared_days.revenue_taken_by_search
            end as revenue_taken_by_search,
            case
                when periods.conversions = 0 then 0 else compared_days.revenue_taken_by_last_touch
            end as revenue_taken_by_last_touch
        from periods
        left join
            compared_days
            on compared_days.period_kind = periods.period_kind
            and compared_days.period_start_on = periods.period_start_on
    ),

    {{ followed_visitors("sessions", "conversions") }},

    cohorts as (
        {% for kind, expression in {
            "overall": "'all'",
            "network": "followed_visitors.network",
        }.items() %}
            select
                period_days.period_kind,
                period_days.period_start_on,
                '{{ kind }}' as slice_kind,
                {{ expression }} as slice_value,
                count(*) as visitors,
                sum(followed_visitors.is_converted) as converted
            from followed_visitors
            inner join period_days on period_days.date_on = followed_visitors.started_on
            where {{ expression }} is not null
            group by period_days.period_kind, period_days.period_start_on, {{ expression }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    final as (
        {% for model in attribution_models() %}
            {{
                kpi_row(
                    "credited",
                    "K71_" ~ model,
                    numerator="credit",
                    n="conversions",
                    where="model= '" ~ model ~ "'",
                )
            }}
            union all
            {{
                kpi_row(
                    "credited",
                    "K71_" ~ model ~ "_revenue",
                    numerator="credited_value",
                    n="conversions",
                    where="model= '" ~ model ~ "'",
                )
            }}
            union all
        {% endfor %}
        {{
            kpi_rows(
                "compared",
                [
                    {"id": "K72", "numerator": "assisted", "n": "assisted"},
                    {"id": "K72_share", "numerator": "assisted", "denominator": "with_visitor"},
                    {"id": "K73", "numerator": "taken_by_search", "n": "searches_that_take"},
                    {
                        "id": "K73_revenue",
                        "numerator": "revenue_taken_by_search",
                        "n": "searches_that_take",
                    },
                    {"id": "K73_social", "numerator": "taken_by_last_touch", "n": "conversions"},
                    {
                        "id": "K73_social_revenue",
                        "numerator": "revenue_taken_by_last_touch",
                        "n": "conversions",
                    },
                ],
            )
        }}
        union all
        {{ kpi_row("cohorts", "K74", numerator="converted", denominator="visitors") }}
    )

select *
from final
