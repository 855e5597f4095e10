with
    conversions as (select * from {{ ref("fct_conversions") }}),

    sessions as (select * from {{ ref("fct_web_sessions") }}),

    touches as (
        select *
        from {{ ref("int_touch_credits") }}
        where lookback_s = {{ var("attribution_lookback_s") }}
    ),

    models as ({{ attribution_model_rows() }}),

    attributed as (select distinct conversion_key from touches),

    described as (
        select
            touches.*,
            sessions.campaign_key,
            sessions.channel_group,
            sessions.network,
            sessions.is_social
        from touches
        inner join sessions on sessions.session_key = touches.session_key
    ),

    credits as (
        select
            described.*,
            models.model,
            case
                models.model
                {% for model in attribution_models() -%}
                    when '{{ model }}' then described.{{ model }}_credit
                {% endfor -%}
            end as credit
        from described
        cross join models
    ),

    -- No visit that could be blamed: the credit is shown as nobody's, not lost.
    credited as (
        select
            conversion_key,
            session_key,
            campaign_key,
            model,
            channel_group,
            network,
            is_social,
            touch_position,
            touches,
            before_us,
            credit
        from credits
        where credit > 0

        union all

        select
            conversions.conversion_key,
            null as session_key,
            null as campaign_key,
            models.model,
            'Unattributed' as channel_group,
            null as network,
            false as is_social,
            null as touch_position,
            0 as touches,
            null as before_us,
            1.0 as credit
        from conversions
        cross join models
        left join attributed on attributed.conversion_key = conversions.conversion_key
        where attributed.conversion_key is null
    ),

    final as (
        select
            {{
                surrogate_key(
                    ["credited.conversion_key", "credited.session_key", "credited.model"]
                )
            }} as attribution_key,
            credited.conversion_key,
            credited.session_key,
            credited.campaign_key,
            credited.model,

            conversions.converted_at,
            conversions.converted_on,

            credited.channel_group,
            credited.network,
            credited.is_social,
            conversions.conversion_kind,
            conversions.is_primary,
            conversions.currency,

            cast(credited.touch_position as bigint) as touch_position,
            cast(credited.touches as bigint) as touches,
            cast(credited.before_us as double) / 86400000000 as days_before,
            cast(credited.credit as double) as credit,
            cast(credited.credit * conversions.value as double) as credited_value
        from credited
        inner join conversions on conversions.conversion_key = credited.conversion_key
    )

select *
from final
