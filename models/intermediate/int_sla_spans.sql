{%- set until_now -%}
    partition by items.conversation_key
    order by items.position
    rows between unbounded preceding and current row
{%- endset -%}

with
    instances as (select * from {{ ref("int_sla_instances") }}),

    items as (select * from {{ ref("int_conversation_items") }}),

    paused_conversations as (
        select distinct conversation_key from instances where pauses and metric = 'resolution'
    ),

    -- Three questions decide whose turn it is, and the last item that answers each counts: whose
    -- the last word is, whether we wait for the customer, whether the conversation is closed. A
    -- running maximum of positions carries the answer; it is odd while the customer is to act.
    states as (
        select
            items.conversation_key,
            items.position,
            items.item_at,
            max(
                case
                    when items.item_kind = 'inbound'
                    then items.position * 2
                    when items.item_kind = 'human'
                    then items.position * 2 + 1
                end
            ) over ({{ until_now }}) as word_code,
            max(
                case
                    when items.item_kind = 'status' and items.event_value = 'pending'
                    then items.position * 2 + 1
                    when items.item_kind in ('inbound', 'status') or items.is_reopen
                    then items.position * 2
                end
            ) over ({{ until_now }}) as pending_code,
            max(
                case
                    when items.is_close
                    then items.position * 2 + 1
                    when items.is_reopen
                    then items.position * 2
                end
            ) over ({{ until_now }}) as close_code
        from items
        inner join
            paused_conversations on paused_conversations.conversation_key = items.conversation_key
        where items.item_kind in ('inbound', 'human', 'status') or items.is_close or items.is_reopen
    ),

    followed as (
        select
            conversation_key,
            position,
            item_at as span_started_at,
            lead(item_at) over (partition by conversation_key order by position) as span_ended_at,
            coalesce(word_code % 2, 0) + coalesce(pending_code % 2, 0) + coalesce(close_code % 2, 0)
            = 0 as is_running
        from states
    ),

    spans as (
        select
            sla_key,
            cast(0 as bigint) as position,
            clock_started_at as span_started_at,
            greatest(coalesce(ended_at, {{ as_of() }}), clock_started_at) as span_ended_at
        from instances
        where not (pauses and metric = 'resolution')

        union all

        select
            instances.sla_key,
            followed.position,
            greatest(followed.span_started_at, instances.clock_started_at) as span_started_at,
            least(
                coalesce(followed.span_ended_at, {{ as_of() }}),
                coalesce(instances.ended_at, {{ as_of() }})
            ) as span_ended_at
        from instances
        inner join followed on followed.conversation_key = instances.conversation_key
        where instances.pauses and instances.metric = 'resolution' and followed.is_running
    ),

    final as (
        select
            {{ surrogate_key(["sla_key", "position"]) }} as sla_span_key,
            sla_key,
            position,
            span_started_at,
            span_ended_at
        from spans
        where span_ended_at > span_started_at or position = 0
    )

select *
from final
