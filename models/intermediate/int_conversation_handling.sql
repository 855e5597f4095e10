with
    segments as (select * from {{ ref("int_conversation_segments") }}),

    turns as (select * from {{ ref("int_conversation_turns") }}),

    assignments as (select * from {{ ref("int_conversation_assignments") }}),

    -- A customer waits for us from the start of the clock until the answer, the close, or now.
    waits as (
        select
            conversation_key,
            turn_key,
            clock_started_at as waits_from_at,
            coalesce(replied_at, abandoned_at, {{ as_of() }}) as waits_until_at
        from turns
        where is_eligible and not is_bot_contained
    ),

    in_charge as (
        select
            assignments.assignment_key,
            assignments.conversation_key,
            assignments.agent_key,
            assignments.team,
            assignments.assigned_at,
            coalesce(
                assignments.replaced_at, segments.ended_at, {{ as_of() }}
            ) as in_charge_until_at
        from assignments
        inner join segments on segments.conversation_key = assignments.conversation_key
        where assignments.is_assignment and assignments.agent_key is not null
    ),

    stretches as (
        select
            waits.turn_key,
            in_charge.assignment_key,
            in_charge.conversation_key,
            in_charge.agent_key,
            in_charge.team,
            greatest(waits.waits_from_at, in_charge.assigned_at) as started_at,
            least(waits.waits_until_at, in_charge.in_charge_until_at) as ended_at
        from in_charge
        inner join
            waits
            on waits.conversation_key = in_charge.conversation_key
            and waits.waits_from_at < in_charge.in_charge_until_at
            and waits.waits_until_at > in_charge.assigned_at
    ),

    final as (
        select
            {{ surrogate_key(["turn_key", "assignment_key"]) }} as handling_key,
            *,
            {{ seconds_between("started_at", "ended_at") }} as handle_s
        from stretches
        where ended_at > started_at
    )

select *
from final
