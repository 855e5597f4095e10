with
    replies as (select * from {{ ref("fct_replies") }} where is_first and is_replied),

    slices as (
        select *
        from {{ ref("kpi_turn_slices") }}
        where
            slice_kind
            in ('overall', 'network', 'product', 'topic', 'product_topic', 'team', 'message_type')
    ),

    period_days as (select * from {{ ref("kpi_period_days") }}),

    periods as (select * from {{ ref("dim_period") }}),

    -- A turn about two products belongs to each of them by half: with shares that add up to one,
    -- what the slices contribute adds up to the change of the mean.
    shared as (
        select
            replies.started_on,
            replies.wait_s,
            slices.slice_kind,
            slices.slice_value,
            1 / count(*) over (partition by replies.turn_key, slices.slice_kind) as turn_share
        from replies
        inner join slices on slices.turn_key = replies.turn_key
    ),

    measured as (
        select
            period_days.period_kind,
            period_days.period_start_on,
            shared.slice_kind,
            shared.slice_value,
            count(*) as first_replies,
            sum(shared.wait_s) / 3600 as first_reply_h,
            {{ exact_sum("shared.turn_share") }} as shared_replies,
            {{ exact_sum("shared.turn_share * shared.wait_s / 3600") }} as shared_reply_h
        from shared
        inner join period_days on period_days.date_on = shared.started_on
        group by
            period_days.period_kind,
            period_days.period_start_on,
            shared.slice_kind,
            shared.slice_value
    ),

    wholes as (
        select period_kind, period_start_on, first_replies, first_reply_h / first_replies as mean_h
        from measured
        where slice_kind = 'overall'
    ),

    -- Periods that follow on one another and both have replies.
    pairs as (
        select
            periods.period_kind,
            periods.period_start_on,
            earlier.period_start_on as previous_start_on,
            latest.first_replies as replies_latest,
            latest.mean_h as mean_now_h,
            previous.first_replies as replies_before,
            previous.mean_h as mean_before_h
        from periods
        inner join
            periods as earlier
            on earlier.period_kind = periods.period_kind
            and earlier.period_end_on = {{ add_days("periods.period_start_on", -1) }}
        inner join
            wholes as latest
            on latest.period_kind = periods.period_kind
            and latest.period_start_on = periods.period_start_on
        inner join
            wholes as previous
            on previous.period_kind = periods.period_kind
            and previous.period_start_on = earlier.period_start_on
    ),

    -- What either of the two periods has.
    members as (
        select pairs.period_kind, pairs.period_start_on, measured.slice_kind, measured.slice_value
        from pairs
        inner join
            measured
            on measured.period_kind = pairs.period_kind
            and measured.period_start_on = pairs.period_start_on
        where measured.slice_kind <> 'overall'
        union
        select pairs.period_kind, pairs.period_start_on, measured.slice_kind, measured.slice_value
        from pairs
        inner join
            measured
            on measured.period_kind = pairs.period_kind
            and measured.period_start_on = pairs.previous_start_on
        where measured.slice_kind <> 'overall'
    ),

    compared as (
        select
            members.*,
            pairs.previous_start_on,
            pairs.mean_now_h,
            pairs.mean_before_h,
            coalesce(latest.first_replies, 0) as first_replies,
            coalesce(previous.first_replies, 0) as previous_first_replies,
            latest.first_reply_h / latest.first_replies as first_reply_mean_h,
            previous.first_reply_h / previous.first_replies as previous_first_reply_mean_h,
            coalesce(latest.shared_replies, 0) / pairs.replies_latest as reply_share,
            coalesce(previous.shared_replies, 0) / pairs.replies_before as previous_reply_share,
            latest.shared_reply_h / latest.shared_replies as shared_mean_h,
            previous.shared_reply_h / previous.shared_replies as previous_shared_mean_h
        from members
        inner join
            pairs
            on pairs.period_kind = members.period_kind
            and pairs.period_start_on = members.period_start_on
        left join
            measured as latest
            on latest.period_kind = members.period_kind
            and latest.period_start_on = members.period_start_on
            and latest.slice_kind = members.slice_kind
            and latest.slice_value = members.slice_value
        left join
            measured as previous
            on previous.period_kind = members.period_kind
            and previous.period_start_on = pairs.previous_start_on
            and previous.slice_kind = members.slice_kind
            and previous.slice_value = members.slice_value
    ),

    -- The change of the mean, shared out: what became slower or faster in the slice, and what more
    -- or fewer of its replies move where it is slower or faster than the average previous. What is
    -- new or gone has no speed to compare and moves by its number alone.
    shared_out as (
        select
            *,
            reply_share
            * coalesce(shared_mean_h - previous_shared_mean_h, 0)
            * 60 as speed_effect_min,
            (reply_share - previous_reply_share)
            * (coalesce(previous_shared_mean_h, shared_mean_h) - mean_before_h)
            * 60 as mix_effect_min
        from compared
    ),

    final as (
        select
            {{ surrogate_key(["period_kind", "period_start_on", "slice_kind", "slice_value"]) }}
            as driver_key,
            period_kind,
            period_start_on,
            previous_start_on,
            slice_kind,
            slice_value,
            cast(first_replies as bigint) as first_replies,
            cast(previous_first_replies as bigint) as previous_first_replies,
            first_reply_mean_h,
            previous_first_reply_mean_h,
            reply_share,
            previous_reply_share,
            speed_effect_min,
            mix_effect_min,
            speed_effect_min + mix_effect_min as contribution_min,
            (mean_now_h - mean_before_h) * 60 as overall_change_min,
            row_number() over (
                partition by period_kind, period_start_on, slice_kind
                order by speed_effect_min + mix_effect_min desc, slice_value
            ) as slowing_rank,
            row_number() over (
                partition by period_kind, period_start_on, slice_kind
                order by speed_effect_min + mix_effect_min, slice_value
            ) as hastening_rank
        from shared_out
    )

select *
from final
