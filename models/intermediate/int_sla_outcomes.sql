with
    instances as (select * from {{ ref("int_sla_instances") }}),

    spans as (select * from {{ ref("int_sla_spans") }}),

    clock as (select * from {{ ref("int_business_clock") }}),

    inverted as (select * from {{ ref("int_business_clock_inverted") }}),

    -- Both ends of every span on the policy's clock, in microseconds: rounded once, at the end.
    -- Promises on calendar time look business time up too: a condition on the left side alone makes
    -- an outer join compare all with all, which took forty times as long.
    timed as (
        select
            spans.sla_key,
            spans.span_started_at,
            spans.span_ended_at,
            case
                when instances.clock = 'business'
                then
                    {{ business_reading("end_clock", "spans.span_ended_at") }}
                    - {{ business_reading("start_clock", "spans.span_started_at") }}
                else {{ microseconds_between("spans.span_started_at", "spans.span_ended_at") }}
            end as span_us
        from spans
        inner join instances on instances.sla_key = spans.sla_key
        left join
            clock as start_clock
            on
            {{ business_clock_at("start_clock", "instances.calendar_id", "spans.span_started_at") }}
        left join
            clock as end_clock
            on {{ business_clock_at("end_clock", "instances.calendar_id", "spans.span_ended_at") }}
    ),

    counted as (
        select
            *,
            coalesce(
                sum(span_us) over (
                    partition by sla_key
                    order by span_started_at, span_ended_at
                    rows between unbounded preceding and 1 preceding
                ),
                0
            ) as before_us
        from timed
    ),

    totals as (select sla_key, sum(span_us) as elapsed_us from timed group by sla_key),

    -- Where a promise stands: at its end, or now. Short of its target, its clock is read on from
    -- there.
    standing as (
        select *, greatest(coalesce(ended_at, {{ as_of() }}), clock_started_at) as stands_at
        from instances
    ),

    -- With pauses counted in; what is paused is the difference.
    gross as (
        select
            standing.*,
            coalesce(totals.elapsed_us, 0) as elapsed_us,
            case
                when standing.clock = 'business'
                then
                    {{ business_reading("end_clock", "standing.stands_at") }}
                    - {{ business_reading("start_clock", "standing.clock_started_at") }}
                else {{ microseconds_between("standing.clock_started_at", "standing.stands_at") }}
            end as gross_us
        from standing
        left join totals on totals.sla_key = standing.sla_key
        left join
            clock as start_clock
            on {{
                business_clock_at(
                    "start_clock", "standing.calendar_id", "standing.clock_started_at"
                )
            }}
        left join
            clock as end_clock
            on {{ business_clock_at("end_clock", "standing.calendar_id", "standing.stands_at") }}
    ),

    -- The clock shows the target at the deadline, and a second more when the promise is broken.
    marks as (
        select sla_key, 'deadline' as mark, cast(target_s as bigint) * 1000000 as mark_us
        from gross

        union all

        select sla_key, 'breach' as mark, (cast(target_s as bigint) + 1) * 1000000 as mark_us
        from gross
        where elapsed_us >= (cast(target_s as bigint) + 1) * 1000000
    ),

    anchored as (
        select
            marks.sla_key,
            marks.mark,
            gross.clock,
            gross.calendar_id,
            coalesce(counted.span_started_at, gross.stands_at) as anchor_at,
            marks.mark_us - coalesce(counted.before_us, gross.elapsed_us) as remaining_us
        from marks
        inner join gross on gross.sla_key = marks.sla_key
        left join
            counted
            on counted.sla_key = marks.sla_key
            and counted.before_us < marks.mark_us
            and counted.before_us + counted.span_us >= marks.mark_us
    ),

    read as (
        select
            anchored.*,
            {{ business_reading("clock", "anchored.anchor_at") }} + anchored.remaining_us as reading
        from anchored
        left join
            clock on {{ business_clock_at("clock", "anchored.calendar_id", "anchored.anchor_at") }}
    ),

    reached as (
        select
            read.sla_key,
            read.mark,
            case
                when read.clock = 'business'
                then {{ business_instant("inverted", "read.reading") }}
                else {{ add_microseconds("read.anchor_at", "read.remaining_us") }}
            end as reached_at
        from read
        left join
            inverted on {{ business_reading_at("inverted", "read.calendar_id", "read.reading") }}
    ),

    dated as (
        select
            sla_key,
            max(case when mark = 'deadline' then reached_at end) as deadline_at,
            max(case when mark = 'breach' then reached_at end) as exceeded_at
        from reached
        group by sla_key
    ),

    judged as (
        select
            gross.*,
            dated.deadline_at,
            case
                when gross.is_given_up
                then least(coalesce(dated.exceeded_at, gross.ended_at), gross.ended_at)
                else dated.exceeded_at
            end as breached_at,
            {{ whole_seconds("gross.elapsed_us") }} as elapsed_s,
            {{ whole_seconds("gross.gross_us - gross.elapsed_us") }} as paused_s
        from gross
        left join dated on dated.sla_key = gross.sla_key
    ),

    -- Equality meets. What is open past its target is breached already, and so is what ended
    -- without what was promised.
    final as (
        select
            sla_key,
            conversation_key,
            turn_key,
            profile_key,
            policy_id,

            started_at,
            started_on,
            clock_started_at,
            ended_at,
            deadline_at,
            breached_at,

            metric,
            network,
            priority,
            is_vip,
            clock,
            is_in_scope,
            case
                when is_given_up or elapsed_s > target_s
                then 'breached'
                when ended_at is not null
                then 'met'
                else 'pending'
            end as outcome,
            not is_given_up
            and ended_at is null
            and elapsed_s <= target_s
            and elapsed_s >= warning_s as is_warned,

            target_s,
            warning_s,
            elapsed_s,
            paused_s
        from judged
    )

select *
from final
