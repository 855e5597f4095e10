{%- set shown = 25 -%}
{%- set steps = 8 -%}

with
    conversions as (
        select *, {{ quarter_start("converted_on") }} as quarter_start_on
        from {{ ref("fct_conversions") }}
        where is_primary
    ),

    touches as (
        select *
        from {{ ref("int_touch_credits") }}
        where is_eligible and lookback_s = {{ var("attribution_lookback_s") }}
    ),

    compared as (
        select
            *,
            lag(channel_state) over (
                partition by conversion_key order by touch_position
            ) as channel_before
        from touches
    ),

    -- Visits by the same channel one after the other are one step.
    steps as (
        select
            *,
            row_number() over (
                partition by conversion_key order by touch_position desc
            ) as steps_to_go
        from compared
        where channel_before is null or channel_before <> channel_state
    ),

    paths as (
        select
            conversion_key,
            {{
                join_texts(
                    "case when steps_to_go > " ~ steps ~ " then '…' else channel_state end",
                    "' > '",
                    order_by="touch_position",
                )
            }} as channel_path
        from steps
        where steps_to_go <= {{ steps }} + 1
        group by conversion_key
    ),

    sold as (
        select
            conversions.quarter_start_on,
            coalesce(paths.channel_path, '(no visit)') as channel_path,
            count(*) as conversions,
            {{ exact_sum("conversions.value") }} as revenue
        from conversions
        left join paths on paths.conversion_key = conversions.conversion_key
        group by conversions.quarter_start_on, coalesce(paths.channel_path, '(no visit)')
    ),

    ranked as (
        select
            *,
            row_number() over (
                partition by quarter_start_on order by conversions desc, channel_path
            ) as place
        from sold
    ),

    -- What is too rare to be shown is added up, so that a quarter is whole.
    listed as (
        select
            quarter_start_on,
            case when place <= {{ shown }} then place else {{ shown }} + 1 end as place,
            case
                when place <= {{ shown }} then channel_path else '(other paths)'
            end as channel_path,
            conversions,
            revenue
        from ranked
    ),

    final as (
        select
            {{ surrogate_key(["quarter_start_on", "place"]) }} as journey_path_key,

            quarter_start_on,

            place,
            channel_path,

            cast(sum(conversions) as bigint) as conversions,
            cast(sum(conversions) as double)
            / sum(sum(conversions)) over (partition by quarter_start_on) as conversion_share,
            {{ exact_sum("revenue") }} as revenue
        from listed
        group by quarter_start_on, place, channel_path
    )

select *
from final
