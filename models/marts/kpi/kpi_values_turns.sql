with
    replies as (select * from {{ ref("fct_replies") }}),

    slices as (select * from {{ ref("kpi_conversation_slices") }}),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    turns as (
        select
            turn_key,
            conversation_key,
            started_on,
            team,
            is_replied,
            is_bot_contained,
            is_first,
            wait_s,
            wait_business_s,
            age_s
        from replies
        where is_in_scope
    ),

    sliced as (
        select slices.slice_kind, slices.slice_value, turns.*
        from turns
        inner join slices on slices.conversation_key = turns.conversation_key

        union all

        select 'team' as slice_kind, turns.team as slice_value, turns.*
        from turns
    ),

    -- Medians and percentiles are taken from the rows at the grain shown, never from other
    -- aggregates.
    measured as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value,
            count(*) as needs_response_turns,

            count(*) filter (where is_first and is_replied) as first_replies,
            sum(wait_s) filter (where is_first and is_replied) / 3600.0 as first_wait_h,
            sum(wait_business_s) filter (where is_first and is_replied)
            / 3600.0 as first_wait_business_h,
            {{ percentile_cont("wait_s", 0.5) }} filter (where is_first and is_replied)
            / 3600.0 as first_wait_median_h,
            {{ percentile_cont("wait_s", 0.9) }} filter (where is_first and is_replied)
            / 3600.0 as first_wait_p90_h,
            count(*) filter (where is_first and is_replied and wait_s <= 14400) as within_4h,
            count(*) filter (where is_first and (is_replied or age_s > 14400)) as decided_4h,
            count(*) filter (where is_first and is_replied and wait_s <= 3600) as within_1h,
            count(*) filter (where is_first and (is_replied or age_s > 3600)) as decided_1h,

            count(*) filter (where is_replied and not is_bot_contained) as replies,
            sum(wait_s) filter (where is_replied and not is_bot_contained) / 3600.0 as wait_h,
            {{ percentile_cont("wait_s", 0.5) }} filter (where is_replied and not is_bot_contained)
            / 3600.0 as wait_median_h,

            count(*) filter (where not is_bot_contained and age_s > 86400) as mature_24h,
            count(*) filter (
                where not is_bot_contained and age_s > 86400 and is_replied
            ) as replied_mature_24h,
            count(*) filter (where not is_bot_contained and age_s > 259200) as mature_72h,
            count(*) filter (
                where not is_bot_contained and age_s > 259200 and is_replied
            ) as replied_mature_72h
        from sliced
        inner join period_days on period_days.date_on = sliced.started_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            sliced.slice_kind,
            sliced.slice_value
    ),

    final as (
        {{
            kpi_row(
                "measured", "K03", numerator="needs_response_turns", n="needs_response_turns"
            )
        }}
        union all
        {{ kpi_row("measured", "K04", numerator="first_wait_h", denominator="first_replies") }}
        union all
        {{ kpi_row("measured", "K05", value="first_wait_median_h", n="first_replies") }}
        union all
        {{ kpi_row("measured", "K05_p90", value="first_wait_p90_h", n="first_replies") }}
        union all
        {{
            kpi_row(
                "measured",
                "K06",
                numerator="first_wait_business_h",
                denominator="first_replies",
            )
        }}
        union all
        {{ kpi_row("measured", "K07", numerator="within_4h", denominator="decided_4h") }}
        union all
        {{ kpi_row("measured", "K08", numerator="within_1h", denominator="decided_1h") }}
        union all
        {{ kpi_row("measured", "K12", numerator="wait_h", denominator="replies") }}
        union all
        {{ kpi_row("measured", "K12_median", value="wait_median_h", n="replies") }}
        union all
        {{ kpi_row("measured", "K13", numerator="replied_mature_24h", denominator="mature_24h") }}
        union all
        {{
            kpi_row(
                "measured", "K13_72h", numerator="replied_mature_72h", denominator="mature_72h"
            )
        }}
    )

select *
from final
