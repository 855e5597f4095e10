with
    resolved as (select * from {{ ref("stg_sparkcentral__resolved_conversations") }}),

    open_rows as (select * from {{ ref("stg_sparkcentral__open_conversations") }}),

    messages as (select * from {{ ref("stg_sparkcentral__messages") }}),

    files as (select * from {{ ref("stg_extraction__files") }}),

    known_closes as (
        select thread_id, resolved_at
        from resolved

        union

        select thread_id, resolved_at
        from open_rows
        where resolved_at is not null
    ),

    first_closes as (
        select thread_id, min(resolved_at) as resolved_at from known_closes group by thread_id
    ),

    -- An export in which nothing is open has no rows and says a lot.
    snapshots as (
        select
            snapshot_at,
            row_number() over (order by snapshot_at) as snapshot_number,
            coalesce(
                lag(snapshot_at) over (order by snapshot_at),
                cast('1900-01-01 00:00:00' as timestamp)
            ) as previous_snapshot_at
        from
            (
                select exported_at as snapshot_at
                from files
                where
                    source = 'sparkcentral'
                    and stream = 'open_conversations'
                    and status in ('loaded', 'partly_quarantined')
                    and exported_at <= {{ as_of() }}

                union

                select exported_at as snapshot_at
                from open_rows
            ) as every_snapshot
    ),

    -- Seen open after the first resolution: somebody or something has reopened it.
    seen_open as (
        select
            open_rows.thread_id,
            first_closes.resolved_at,
            snapshots.snapshot_number,
            snapshots.snapshot_at,
            greatest(snapshots.previous_snapshot_at, first_closes.resolved_at) as looked_from_at
        from open_rows
        inner join first_closes on first_closes.thread_id = open_rows.thread_id
        inner join snapshots on snapshots.snapshot_at = open_rows.exported_at
        where open_rows.exported_at > first_closes.resolved_at
    ),

    late_messages as (
        select messages.*, first_closes.resolved_at
        from messages
        inner join first_closes on first_closes.thread_id = messages.thread_id
        where messages.sent_at > first_closes.resolved_at
    ),

    written as (
        select late_messages.thread_id, snapshots.snapshot_number
        from late_messages
        inner join
            snapshots
            on late_messages.sent_at > snapshots.previous_snapshot_at
            and late_messages.sent_at <= snapshots.snapshot_at
        where late_messages.direction = 'in'
    ),

    -- What was open before a snapshot, or written to since the one before, and is not in it, has
    -- been resolved again in between.
    expected_open as (
        select thread_id, snapshot_number
        from written

        union

        select thread_id, snapshot_number + 1 as snapshot_number
        from seen_open
    ),

    closed_between as (
        select distinct
            expected_open.thread_id,
            snapshots.snapshot_at,
            greatest(snapshots.previous_snapshot_at, first_closes.resolved_at) as looked_from_at
        from expected_open
        inner join snapshots on snapshots.snapshot_number = expected_open.snapshot_number
        inner join first_closes on first_closes.thread_id = expected_open.thread_id
        left join
            seen_open
            on seen_open.thread_id = expected_open.thread_id
            and seen_open.snapshot_number = expected_open.snapshot_number
        left join
            known_closes
            on known_closes.thread_id = expected_open.thread_id
            and known_closes.resolved_at > snapshots.previous_snapshot_at
            and known_closes.resolved_at > first_closes.resolved_at
            and known_closes.resolved_at <= snapshots.snapshot_at
        where seen_open.thread_id is null and known_closes.thread_id is null
    ),

    -- An agent resolves with the last reply, if nothing came in after it; else all that is known is
    -- the snapshot.
    last_words as (
        select {{ all_but("place") }}
        from
            (
                select
                    closed_between.thread_id,
                    closed_between.snapshot_at,
                    late_messages.sent_at,
                    late_messages.agent_id,
                    late_messages.direction = 'out' and not late_messages.is_automatic as is_human,
                    row_number() over (
                        partition by closed_between.thread_id, closed_between.snapshot_at
                        order by
                            late_messages.sent_at desc,
                            length(late_messages.message_id) desc,
                            late_messages.message_id desc
                    ) as place
                from closed_between
                inner join
                    late_messages
                    on late_messages.thread_id = closed_between.thread_id
                    and late_messages.sent_at > closed_between.looked_from_at
                    and late_messages.sent_at <= closed_between.snapshot_at
                where late_messages.direction = 'in' or not late_messages.is_automatic
            )
        where place = 1
    ),

    closes as (
        select
            closed_between.thread_id,
            closed_between.snapshot_at,
            case
                when last_words.is_human then last_words.sent_at else closed_between.snapshot_at
            end as event_at,
            case when last_words.is_human then last_words.agent_id end as agent_id
        from closed_between
        left join
            last_words
            on last_words.thread_id = closed_between.thread_id
            and last_words.snapshot_at = closed_between.snapshot_at
    ),

    -- A message of the customer reopens by itself, and its time is known.
    silent_reopens as (
        select seen_open.thread_id, seen_open.snapshot_at
        from seen_open
        left join
            seen_open as before
            on before.thread_id = seen_open.thread_id
            and before.snapshot_number = seen_open.snapshot_number - 1
        left join
            late_messages
            on late_messages.thread_id = seen_open.thread_id
            and late_messages.direction = 'in'
            and late_messages.sent_at > seen_open.looked_from_at
            and late_messages.sent_at <= seen_open.snapshot_at
        where before.thread_id is null and late_messages.thread_id is null
    ),

    final as (
        select
            {{ surrogate_key(["thread_id", "'closed'", "snapshot_at"]) }} as late_event_key,
            thread_id,
            snapshot_at,
            event_at,
            agent_id,
            'closed' as event_kind
        from closes

        union all

        select
            {{ surrogate_key(["thread_id", "'reopened'", "snapshot_at"]) }} as late_event_key,
            thread_id,
            snapshot_at,
            snapshot_at as event_at,
            cast(null as {{ dbt.type_string() }}) as agent_id,
            'reopened' as event_kind
        from silent_reopens
    )

select *
from final
