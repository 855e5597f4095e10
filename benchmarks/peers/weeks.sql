-- The method that crosses every wait with weeks, from its description: from the start of the week a
-- wait begins in, a row for each of so many weeks; the schedule's minutes of the week joined to each;
-- the overlap of the two, summed. The schedule is a week without holidays, and its zone one offset,
-- that of the instant the wait begins.
--
-- Variables: `raw`, `seeds`, `calendar`, `weeks`.
create temp table comments as
select
    ticket_id, requester_id, (c ->> 'id') as comment_id, (c ->> 'author_id') as author_id,
    (c ->> 'created_at')::timestamp as sent_at
from (
    select ticket_id, requester_id, unnest(from_json(comments, '["json"]')) as c
    from read_parquet(getvariable('raw') || '/zendesk/tickets/*.parquet')
);

create table waits as
with
    written as (
        select
            *, author_id = requester_id as is_customer,
            lag(author_id = requester_id) over (
                partition by ticket_id order by sent_at, comment_id
            ) as was_customer
        from comments
    ),

    starts as (
        select
            *, sum((is_customer and not coalesce(was_customer, false))::int) over (
                partition by ticket_id order by sent_at, comment_id
            ) as turn
        from written
    )

select
    ticket_id, turn, arg_min(comment_id, sent_at) filter (where is_customer) as first_comment_id,
    min(sent_at) filter (where is_customer) as started_at,
    min(sent_at) filter (where not is_customer) as replied_at
from starts
where turn > 0
group by ticket_id, turn;

create temp table schedule as
select
    (iso_weekday - 1) * 1440 + epoch(opens::interval) / 60 as opens_minute,
    (iso_weekday - 1) * 1440 + epoch(closes::interval) / 60 as closes_minute
from read_csv(getvariable('seeds') || '/business_hours.csv',
    types = {'opens': 'varchar', 'closes': 'varchar', 'valid_to_on': 'date'})
where calendar_id = getvariable('calendar') and valid_to_on is null;

create temp table zone as
select zone from read_csv(getvariable('seeds') || '/business_calendars.csv')
where calendar_id = getvariable('calendar');

create table answers as
with
    local as (
        select
            waits.*, timezone(zone.zone, timezone('UTC', started_at)) as started_local,
            epoch(replied_at - started_at) / 60 as wait_minutes
        from waits
        cross join zone
        where replied_at is not null
    ),

    placed as (
        select *, epoch(started_local - date_trunc('week', started_local)) / 60 as start_minute
        from local
    ),

    crossed as (
        select
            placed.*, week,
            greatest(0, start_minute - week * 10080) as week_start_minute,
            least(start_minute + wait_minutes - week * 10080, 10080) as week_end_minute
        from placed
        cross join range(getvariable('weeks')) as numbers(week)
    ),

    overlapped as (
        select
            crossed.*,
            greatest(week_start_minute, opens_minute) as overlap_start,
            least(week_end_minute, closes_minute) as overlap_end
        from crossed
        inner join schedule
            on week_start_minute <= closes_minute and week_end_minute >= opens_minute
    )

select
    local.first_comment_id, local.started_at, local.wait_minutes * 60 as wait_s,
    coalesce(round(sum(overlap_end - overlap_start) * 60), 0)::bigint as wait_business_s
from local
left join overlapped using (first_comment_id)
group by all;
