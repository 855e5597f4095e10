with
    conversions as (
        select *, {{ quarter_start("converted_on") }} as quarter_start_on
        from {{ ref("fct_conversions") }}
        where is_primary
    ),

    sessions as (select * from {{ ref("fct_web_sessions") }}),

    touch_credits as (select * from {{ ref("int_touch_credits") }}),

    lookbacks as ({{ attribution_lookback_rows() }}),

    attributed as (select distinct conversion_key, lookback_s from touch_credits),

    touches as (
        select
            conversions.quarter_start_on,
            touch_credits.lookback_s,
            sessions.channel_group,
            sessions.network,
            sessions.is_social,
            conversions.value,
            {%- for model in attribution_models() %}
                touch_credits.{{ model }}_credit {%- if not loop.last %},{% endif %}
            {%- endfor %}
        from touch_credits
        inner join conversions on conversions.conversion_key = touch_credits.conversion_key
        inner join sessions on sessions.session_key = touch_credits.session_key

        union all

        select
            conversions.quarter_start_on,
            lookbacks.lookback_s,
            'Unattributed' as channel_group,
            cast(null as {{ dbt.type_string() }}) as network,
            false as is_social,
            conversions.value,
            {%- for model in attribution_models() %}
                1.0 as {{ model }}_credit {%- if not loop.last %},{% endif %}
            {%- endfor %}
        from conversions
        cross join lookbacks
        left join
            attributed
            on attributed.conversion_key = conversions.conversion_key
            and attributed.lookback_s = lookbacks.lookback_s
        where attributed.conversion_key is null
    ),

    added as (
        select
            quarter_start_on,
            lookback_s,
            channel_group,
            coalesce(network, 'none') as network,
            is_social,
            {%- for model in attribution_models() %}
                {{ exact_sum(model ~ "_credit", digits=18) }} as {{ model }}_conversions,
                {{ exact_sum(model ~ "_credit * value", model ~ "_credit > 0", digits=18) }}
                as {{ model }}_revenue
                {%- if not loop.last %},{% endif %}
            {%- endfor %}
        from touches
        group by quarter_start_on, lookback_s, channel_group, coalesce(network, 'none'), is_social
    ),

    told as (
        {% for model in attribution_models() %}
            select
                quarter_start_on,
                lookback_s,
                '{{ model }}' as model,
                channel_group,
                network,
                is_social,
                {{ model }}_conversions as conversions,
                {{ model }}_revenue as revenue
            from added
            where {{ model }}_conversions > 0
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),

    final as (
        select
            {{
                surrogate_key(
                    ["quarter_start_on", "lookback_s", "model", "channel_group", "network"]
                )
            }} as sensitivity_key,

            quarter_start_on,

            cast(lookback_s as double) / 86400 as lookback_days,
            model,
            channel_group,
            network,
            is_social,

            conversions,
            conversions / cast(
                sum(cast(conversions as decimal(38, 18))) over (
                    partition by quarter_start_on, lookback_s, model
                ) as double
            ) as conversion_share,
            revenue
        from told
    )

select *
from final
