{%- set ends = [900, 1800, 3600, 7200, 14400, 28800, 43200, 86400, 172800] -%}

with
    replies as (select * from {{ ref("fct_replies") }} where is_first and is_replied),

    slices as (
        select * from {{ ref("kpi_turn_slices") }} where slice_kind in ('overall', 'network')
    ),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    bands as (
        {% for end in ends %}
            select
                {{ loop.index }} as band_number,
                {{ 0 if loop.first else ends[loop.index0 - 1] }} as longer_than_s,
                {{ end }} as up_to_s
            union all
        {% endfor %}
        select
            {{ ends | length + 1 }} as band_number,
            {{ ends | last }} as longer_than_s,
            cast(null as bigint) as up_to_s
    ),

    waits as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            slices.slice_kind,
            slices.slice_value,
            -- Who is answered after exactly four hours was answered within four hours.
            case
                {% for end in ends %}
                    when replies.wait_s <= {{ end }} then {{ loop.index }}
                {% endfor %}
                else {{ ends | length + 1 }}
            end as band_number
        from replies
        inner join slices on slices.turn_key = replies.turn_key
        inner join period_days on period_days.date_on = replies.started_on
    ),

    counted as (
        select period_kind, period_start_on, slice_kind, slice_value, band_number, count(*) as waits
        from waits
        group by period_kind, period_start_on, slice_kind, slice_value, band_number
    ),

    wholes as (
        select period_kind, period_start_on, slice_kind, slice_value, sum(waits) as all_waits
        from counted
        group by period_kind, period_start_on, slice_kind, slice_value
    ),

    -- A band in which nobody waited is part of the picture.
    reached as (
        select
            wholes.period_kind,
            wholes.period_start_on,
            wholes.slice_kind,
            wholes.slice_value,
            bands.band_number,
            bands.longer_than_s,
            bands.up_to_s,
            wholes.all_waits,
            coalesce(counted.waits, 0) as waits,
            sum(coalesce(counted.waits, 0)) over (
                partition by
                    wholes.period_kind,
                    wholes.period_start_on,
                    wholes.slice_kind,
                    wholes.slice_value
                order by bands.band_number
                rows between unbounded preceding and current row
            ) as waits_so_far
        from wholes
        cross join bands
        left join
            counted
            on counted.period_kind = wholes.period_kind
            and counted.period_start_on = wholes.period_start_on
            and counted.slice_kind = wholes.slice_kind
            and counted.slice_value = wholes.slice_value
            and counted.band_number = bands.band_number
    ),

    final as (
        select
            {{
                surrogate_key(
                    [
                        "period_kind",
                        "period_start_on",
                        "slice_kind",
                        "slice_value",
                        "band_number",
                    ]
                )
            }} as wait_band_key,
            period_kind,
            period_start_on,
            slice_kind,
            slice_value,
            cast(band_number as bigint) as band_number,
            cast(longer_than_s as bigint) as longer_than_s,
            cast(up_to_s as bigint) as up_to_s,
            cast(waits as bigint) as waits,
            waits / all_waits as wait_share,
            waits_so_far / all_waits as share_so_far
        from reached
    )

select *
from final
