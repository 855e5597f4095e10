-- Detects waits of RingCentral Engage read in the wrong unit: the tool exports seconds or
-- minutes, as
-- it is set, and the file does not say which. A first reply time must be the first reply minus the
-- first message; of waits of ten minutes and more, most are 60 times that, or a 60th, if the unit
-- is
-- wrong.
-- A returned row is the unit to set: ringcentral_duration_unit under vars in dbt_project.yml.
with
    waits as (
        select
            interventions.reported_first_reply_s,
            {{ seconds_between("messages.sent_at", "interventions.reported_first_reply_at") }}
            as counted_s
        from {{ ref("stg_ringcentral_engage__interventions") }} as interventions
        inner join
            {{ ref("stg_ringcentral_engage__messages") }} as messages
            on messages.message_id = interventions.first_message_id
        where interventions.reported_first_reply_s is not null
    ),

    compared as (
        select
            count(*) as waits,
            count(*) filter (
                where reported_first_reply_s between counted_s * 20 and counted_s * 180
            ) as waits_60_times_too_long,
            count(*) filter (
                where reported_first_reply_s * 60 between counted_s * 0.5 and counted_s * 2
            ) as waits_60_times_too_short
        from waits
        where counted_s >= 600
    )

select
    '{{ var("ringcentral_duration_unit") }}' as unit_set,
    case
        when waits_60_times_too_long > waits_60_times_too_short then 'seconds' else 'minutes'
    end as unit_to_set,
    waits,
    waits_60_times_too_long,
    waits_60_times_too_short
from compared
where waits_60_times_too_long * 2 > waits or waits_60_times_too_short * 2 > waits
