{%- set sides = ["network", "product", "topic"] -%}
{%- set shapes = [
    [],
    ["network"],
    ["product"],
    ["topic"],
    ["network", "product"],
    ["network", "topic"],
    ["product", "topic"],
    ["network", "product", "topic"],
] -%}

with
    replies as (select * from {{ ref("fct_replies") }} where is_first),

    slices as (
        select *
        from {{ ref("kpi_turn_slices") }}
        where slice_kind in ('overall', 'network', 'product', 'topic')
    ),

    period_days as (
        select * from {{ ref("kpi_period_days") }} where period_kind in ('month', 'quarter')
    ),

    turns as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            replies.turn_key,
            replies.is_replied,
            replies.wait_s,
            replies.age_s
        from replies
        inner join slices on slices.turn_key = replies.turn_key and slices.slice_kind = 'overall'
        inner join period_days on period_days.date_on = replies.started_on
    ),

    {% for side in sides %}
        {{ side }}_slices as (
            select turn_key, slice_value as {{ side }} from slices where slice_kind = '{{ side }}'
        ),
    {% endfor %}

    -- Every side by its values and once for all of them. A turn about two products is in both
    -- rows and once in the row of all, so that no row is a sum of others.
    placed as (
        {% for shape in shapes %}
            select
                turns.period_kind,
                turns.period_start_on,
                {% for side in sides %}
                    {% if side in shape -%} {{ side }}_slices.{{ side }}
                    {%- else -%} 'all'
                    {%- endif %} as {{ side }},
                {% endfor %}
                turns.is_replied,
                turns.wait_s,
                turns.age_s
            from turns
            {% for side in shape %}
                inner join {{ side }}_slices on {{ side }}_slices.turn_key = turns.turn_key
            {% endfor %}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    counted as (
        select
            period_kind,
            period_start_on,
            network,
            product,
            topic,
            count(*) filter (where is_replied) as first_replies,
            sum(wait_s) filter (where is_replied) as first_reply_s,
            count(*) filter (where is_replied and wait_s <= 14400) as first_replies_within_4h,
            count(*) filter (where is_replied or age_s > 14400) as first_replies_decided_4h
        from placed
        group by period_kind, period_start_on, network, product, topic
    ),

    final as (
        select
            {{ surrogate_key(["period_kind", "period_start_on", "network", "product", "topic"]) }}
            as reply_cell_key,
            period_kind,
            period_start_on,
            network,
            product,
            topic,
            first_replies,
            cast(coalesce(first_reply_s, 0) as bigint) as first_reply_s,
            first_replies_within_4h,
            first_replies_decided_4h,
            -- The mean of a handful says who wrote, not how fast we are.
            case
                when first_replies >= 5 then first_reply_s / 3600 / first_replies
            end as first_reply_mean_h,
            case
                when first_replies = 0 then 'no_cases' when first_replies < 5 then 'too_few'
            end as null_reason
        from counted
    )

select *
from final
