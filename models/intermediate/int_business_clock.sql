{%- set carry -%}
    partition by calendar_id order by moment_at, is_lookup rows between unbounded preceding and current row
{%- endset -%}

with
    turns as (select * from {{ ref("int_conversation_turns") }}),

    intervals as (select * from {{ ref("int_business_intervals") }}),

    instants as (
        select calendar_id, clock_started_at as clock_at
        from turns
        union
        select calendar_id, replied_at as clock_at
        from turns
        where replied_at is not null
        union
        select calendar_id, {{ as_of() }} as clock_at
        from turns
    ),

    -- Both ends of every wait are looked up in one pass: openings and instants in order, the last
    -- opening carried on.
    together as (
        select
            calendar_id, opens_at as moment_at, opens_at, closes_at, open_before_s, 0 as is_lookup
        from intervals

        union all

        select
            calendar_id,
            clock_at as moment_at,
            cast(null as timestamp) as opens_at,
            cast(null as timestamp) as closes_at,
            cast(null as bigint) as open_before_s,
            1 as is_lookup
        from instants
    ),

    carried as (
        select
            calendar_id,
            moment_at,
            is_lookup,
            max(opens_at) over ({{ carry }}) as opens_at,
            max(closes_at) over ({{ carry }}) as closes_at,
            max(open_before_s) over ({{ carry }}) as open_before_s
        from together
    ),

    -- Open seconds since the calendar's beginning; the difference of two of them is business time.
    final as (
        select
            {{ surrogate_key(["calendar_id", "moment_at"]) }} as clock_key,
            calendar_id,
            moment_at as clock_at,
            cast(
                coalesce(
                    open_before_s
                    + {{ seconds_between("opens_at", "least(moment_at, closes_at)") }},
                    0
                ) as bigint
            ) as open_s,
            coalesce(moment_at < closes_at, false) as is_open
        from carried
        where is_lookup = 1
    )

select *
from final
