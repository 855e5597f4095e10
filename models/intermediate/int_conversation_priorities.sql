with
    segments as (select * from {{ ref("int_conversation_segments") }}),

    items as (select * from {{ ref("int_conversation_items") }}),

    thread_tags as (select * from {{ ref("int_thread_tags_unioned") }}),

    set_by_events as (
        select
            thread_key,
            item_at as set_at,
            case when event_value = 'medium' then 'normal' else event_value end as priority
        from items
        where item_kind = 'priority'
    ),

    -- Tools without a priority of their own carry it as a tag.
    set_by_tags as (
        select thread_key, opened_at as set_at, tag_value as priority
        from thread_tags
        where tag_kind = 'priority'
    ),

    -- Of two set at one instant the first by the alphabet holds: critical, high, low, and the
    -- default, normal, last.
    changes as (
        select thread_key, set_at, min(priority) as priority
        from
            (
                select *
                from set_by_events
                union all
                select *
                from set_by_tags
            ) as every_change
        where priority in ('critical', 'high', 'normal', 'low')
        group by thread_key, set_at
    ),

    -- The first priority anybody set holds from the beginning of the thread.
    versions as (
        select
            thread_key,
            priority,
            case
                when lag(set_at) over (partition by thread_key order by set_at) is null
                then cast('1900-01-01 00:00:00' as timestamp)
                else set_at
            end as valid_from_at,
            lead(set_at) over (partition by thread_key order by set_at) as valid_to_at
        from changes
    ),

    final as (
        select
            {{ surrogate_key(["segments.conversation_key", "versions.valid_from_at"]) }}
            as conversation_priority_key,
            segments.conversation_key,
            coalesce(versions.priority, 'normal') as priority,
            coalesce(
                versions.valid_from_at, cast('1900-01-01 00:00:00' as timestamp)
            ) as valid_from_at,
            versions.valid_to_at
        from segments
        left join
            versions
            on versions.thread_key = segments.thread_key
            and versions.valid_from_at
            < coalesce(segments.segment_ends_before_at, {{ far_future() }})
            and coalesce(versions.valid_to_at, {{ far_future() }}) > segments.segment_started_at
    )

select *
from final
