-- The facts of the main inbox and of both sites in one script, as somebody would write it by hand who
-- knows these files: DuckDB's own words, no layers, no tests, no provenance, one source each.
--
-- Variables: `raw` (the folder of the lake's streams), `seeds`, `as_of`, `zone`, `mirrored` (profiles
-- that a second tool exports too, which are left out).
create macro key2(a, b) as md5('v' || a || '|v' || b);
create macro day_of(t) as cast(timezone(getvariable('zone'), timezone('UTC', t)) as date);
create macro seconds(a, b) as divide(epoch_us(b) - epoch_us(a), 1000000);

-- Inbox: messages --------------------------------------------------------------------------------
create temp table messages as
with
    identities as (
        select id, foreign_id, coalesce(puppet, false) as is_own
        from read_parquet(getvariable('raw') || '/ringcentral_engage/identities/*.parquet')
        qualify row_number() over (partition by id order by _exported_at desc, _source_row desc) = 1
    ),

    latest as (
        select
            id, foreign_id, status, content_thread_id as thread, source_id, in_reply_to_id, author_id,
            creator_id, created_at as sent_at, lower(source_type) as network_word,
            lower(type) as type_word, auto_submitted, private_message, published, remotely_deleted,
            list_transform(string_split(lower(categories), ','), lambda tag: trim(tag)) as tags,
            body_as_text as body
        from read_parquet(getvariable('raw') || '/ringcentral_engage/messages/*.parquet')
        where created_at <= getvariable('as_of')
        qualify row_number() over (
            partition by id
            order by _exported_at desc, _source_file desc, _file_sha256 desc, _source_row desc
        ) = 1
    ),

    marked as (
        select distinct content_id
        from read_parquet(getvariable('raw') || '/ringcentral_engage/journal/*.parquet')
        where name = 'content.marked_as_spam' and created_at <= getvariable('as_of')
    ),

    told as (
        select
            latest.*,
            status in ('Agent message', 'Agent reply') as is_out,
            coalesce(aliases.network, network_word) as network,
            coalesce(private_message, false) as is_private,
            coalesce(remotely_deleted, false) as is_removed,
            case when coalesce(remotely_deleted, false) then null else body end as text
        from latest
        left join read_csv(getvariable('seeds') || '/network_aliases.csv') as aliases
            on aliases.alias = network_word
        where
            status not in ('Draft', 'Pending approval')
            and not list_contains(getvariable('mirrored'), source_id)
    ),

    written as (
        select
            told.*,
            coalesce(profiles.calendar_id, 'always_open') as calendar_id,
            coalesce(profiles.support_status, 'active') as support_status,
            coalesce(profiles.listens, false) as listens,
            is_out or coalesce(identities.is_own, false) as is_own,
            is_out and coalesce(auto_submitted, false) as is_bot,
            not is_out and not coalesce(published, true) as is_hidden,
            case
                when is_out then null
                when identities.foreign_id is not null
                then key2(told.network, identities.foreign_id)
                else key2('ringcentral_engage', author_id)
            end as contact_key,
            case
                when is_private then 'private' when type_word like '%/retweet' then 'repost'
                when type_word like '%/comment' then 'comment'
                when type_word like '%/review' then 'review' else 'public_post'
            end as message_type,
            list_contains(tags, 'spam') or marked.content_id is not null as has_spam,
            coalesce(text like 'RT @%', false) or coalesce(type_word like '%/retweet', false)
            as is_repost
        from told
        left join identities on identities.id = told.author_id
        left join marked on marked.content_id = told.id
        left join read_csv(getvariable('seeds') || '/profiles.csv', all_varchar = false) as profiles
            on profiles.source = 'ringcentral_engage' and profiles.profile_id = told.source_id
    ),

    ruled as (
        select
            written.*,
            coalesce(has_spam, false) as is_spam,
            not written.is_out
            and not coalesce(list_contains(tags, 'no response needed'), false)
            and (
                coalesce(list_contains(tags, 'needs response'), false)
                or is_private or message_type = 'review'
                or coalesce(contains(text, '?') or contains(text, '@'), false)
            ) as needs_response,
            case
                when listens and not is_private and not coalesce(answered.is_own, false)
                then 'about_us' else 'to_us'
            end as directedness
        from written
        left join (select id, is_own from written) as answered on answered.id = written.in_reply_to_id
    ),

    -- Who writes on two networks has one key.
    accounts as (select author_id, min(contact_key) as contact_key from written group by author_id)

select
    id,
    case
        when foreign_id is not null then key2(network, foreign_id)
        else key2('ringcentral_engage', id)
    end as message_key,
    thread, hash(thread) as thread_hash, source_id, calendar_id, sent_at, network, message_type,
    directedness, case when not is_out then accounts.contact_key end as contact_key,
    case when creator_id is not null then key2('ringcentral_engage', creator_id) end as agent_key,
    is_out, is_own, is_bot, is_spam, is_hidden, is_repost, is_private, is_removed, needs_response,
    not is_out and not is_own and not is_spam and not is_hidden and not is_repost
    and support_status = 'active' and needs_response as is_eligible
from ruled
left join accounts using (author_id);

-- Inbox: threads cut into conversations and turns -------------------------------------------------
create temp table items as
with
    journal as (
        select
            id, content_thread_id as thread, created_at as moment, user_id, rules_engine_rule_id,
            case
                when name in ('intervention.assigned', 'intervention.user_updated') then 'assigned'
                when name in ('intervention.deferred', 'intervention.reactivated') then 'status'
                when name = 'intervention.closed' then 'closed'
                when name = 'intervention.reopened' then 'reopened'
                when name = 'virtual_agent.handover' then 'bot_handoff'
                when name = 'content.marked_as_spam' then 'marked_as_spam'
                when name in ('content.categorized', 'content.recategorized',
                    'intervention.recategorized') then 'tagged'
                when name = 'content.liked' then 'liked'
                when name = 'content.ignored' then 'completed'
                when name = 'content.reply_assistant_used' then 'replied'
                when name = 'survey.sent' then 'survey_sent'
                else 'other'
            end as kind
        from read_parquet(getvariable('raw') || '/ringcentral_engage/journal/*.parquet')
        where created_at <= getvariable('as_of')
        qualify row_number() over (
            partition by id
            order by _exported_at desc, _source_file desc, _file_sha256 desc, _source_row desc
        ) = 1
    ),

    bot_starts as (
        select arg_min(id, (sent_at, length(id), id)) as id, thread, min(sent_at) as moment
        from messages
        where is_bot
        group by thread
    )

select
    id, thread_hash, sent_at as moment, 0 as rank,
    case when not is_out then 'inbound' when is_bot then 'bot' else 'human' end as kind,
    not is_out and not is_own as is_customer, is_eligible,
    is_eligible and directedness = 'to_us' as is_eligible_to_us, agent_key, contact_key, message_key,
    false as is_automatic
from messages
union all
select
    id, hash(thread), moment, 1, kind, false, false, false,
    case when user_id is not null then key2('ringcentral_engage', user_id) end, null, null,
    rules_engine_rule_id is not null or (kind <> 'assigned' and user_id is null)
from journal
union all
select 'bot:' || id, hash(thread), moment, 1, 'bot_started', false, false, false, null, null, null, true
from bot_starts;

create temp table ordered as
with
    placed as (
        select
            *,
            row_number() over in_order as position,
            kind = 'closed'
            and min(case when rank = 0 then moment end) over in_order is not null as may_close
        from items
        window in_order as (
            partition by thread_hash order by moment, rank, length(id), id
            rows between unbounded preceding and current row
        )
    )
select * from placed;

-- Which closes close something. A brand message a week after a close opens the thread anew, which
-- makes the next close one of something open: the few threads that have one take more rounds.
create temp table settled as
select
    thread_hash, position, moment, kind, may_close, false as restarts, false as is_late,
    max(case when may_close then position * 2 + 1 when kind in ('inbound', 'reopened')
        then position * 2 end) over before as code
from ordered
window before as (
    partition by thread_hash order by position rows between unbounded preceding and 1 preceding
);

create temp table judged as
select
    *,
    code % 2 = 1 and kind in ('human', 'bot') and seconds(last_close, moment) >= 604800 as restarts_now,
    kind = 'reopened' and coalesce(seconds(last_close, moment) >= 604800, false) as is_late_now
from (
    select
        *,
        max(case when may_close and not coalesce(code % 2 = 1, false) then moment end) over (
            partition by thread_hash order by position
            rows between unbounded preceding and 1 preceding
        ) as last_close
    from settled
);

create temp table odd as
with recursive
    rounds as (
        select 1 as round, thread_hash, position, moment, kind, may_close, code, restarts_now, is_late_now
        from judged
        where thread_hash in (select thread_hash from judged where restarts_now or is_late_now)
        union all
        select
            round + 1, thread_hash, position, moment, kind, may_close, code,
            code % 2 = 1 and kind in ('human', 'bot') and seconds(last_close, moment) >= 604800,
            kind = 'reopened' and coalesce(seconds(last_close, moment) >= 604800, false)
        from (
            select
                *,
                max(case when may_close and not coalesce(code % 2 = 1, false) then moment end) over (
                    partition by thread_hash order by position
                    rows between unbounded preceding and 1 preceding
                ) as last_close
            from (
                select
                    * exclude (code),
                    max(case when may_close then position * 2 + 1
                        when kind = 'inbound' or restarts_now then position * 2
                        when kind = 'reopened' and not is_late_now then position * 2 end) over (
                        partition by thread_hash order by position
                        rows between unbounded preceding and 1 preceding
                    ) as code
                from rounds
                where round < 5
            )
        )
    )
select thread_hash, position, code, is_late_now as is_late from rounds where round = 5;

create temp table cut as
with
    stated as (
        select
            ordered.*,
            coalesce(odd.code, judged.code) as code,
            coalesce(odd.is_late, judged.is_late_now) as is_late
        from ordered
        inner join judged using (thread_hash, position)
        left join odd using (thread_hash, position)
    ),

    closes as (
        select
            *, coalesce(code % 2 = 1, false) as was_closed,
            may_close and not coalesce(code % 2 = 1, false) as is_close
        from stated
    ),

    gaps as (
        select
            *,
            max(case when is_close then moment end) over before as closed_at,
            max(case when rank = 0 or (kind = 'reopened' and was_closed and not is_late) then moment end)
                over before as previous_at,
            max(case when kind = 'inbound' then position * 2 + 1
                when kind = 'human' or is_close then position * 2 end) over before as waiting,
            coalesce(sum((kind = 'human' or is_close)::int) over before, 0) as ended
        from closes
        window before as (
            partition by thread_hash order by position
            rows between unbounded preceding and 1 preceding
        )
    ),

    starts as (
        select
            *,
            rank = 0 and (
                previous_at is null
                or (was_closed and seconds(closed_at, moment) >= 604800)
                or (not was_closed and seconds(previous_at, moment) >= 259200
                    and (kind = 'inbound' or not coalesce(waiting % 2 = 1, false)))
            ) as is_start
        from gaps
    ),

    numbered as (
        select
            *,
            greatest(sum(is_start::int) over so_far, 1)::bigint as segment,
            was_closed and previous_at is not null and not is_start
            and (kind = 'inbound' or (kind = 'reopened' and not is_late)) as is_reopen
        from starts
        window so_far as (
            partition by thread_hash order by position
            rows between unbounded preceding and current row
        )
    )

select
    numbered.* exclude (ended, is_start, code, waiting, previous_at, closed_at, was_closed, is_late),
    first.message_key as conversation_key,
    numbered.ended - first.ended as turn
from numbered
inner join (select thread_hash, segment, message_key, ended from numbered where is_start) as first
    using (thread_hash, segment);

create temp table turns as
with
    grouped as (
        select
            conversation_key, turn,
            min(moment) filter (where is_customer and is_eligible) as first_eligible_at,
            min(moment) filter (where is_customer) as first_at,
            count(*) filter (where is_customer) as customer_messages,
            bool_or(is_eligible) as is_eligible, bool_or(is_eligible_to_us) as is_to_us,
            arg_min(message_key, position) filter (where is_customer) as first_message_key,
            max(moment) filter (where kind = 'human' or is_close) as ended_at,
            max(message_key) filter (where kind = 'human') as reply_message_key,
            bool_or(kind = 'human') as is_replied, bool_or(is_close) as is_closed,
            list({'moment': moment, 'kind': kind}) filter (where kind in ('bot', 'bot_handoff')) as bots
        from cut
        group by conversation_key, turn
        having customer_messages > 0
    ),

    started as (select *, coalesce(first_eligible_at, first_at) as started_at from grouped)

select
    * exclude (bots),
    list_min([b.moment for b in bots if b.kind = 'bot' and b.moment >= started_at])
    as bot_replied_at,
    list_min([b.moment for b in bots if b.kind = 'bot_handoff' and b.moment >= started_at])
    as handed_off_at,
    coalesce(handed_off_at, started_at) as clock_started_at,
    case when is_replied then ended_at end as replied_at,
    not is_replied and bot_replied_at is not null and handed_off_at is null and is_closed
    as is_bot_contained,
    is_eligible and not is_bot_contained
    and row_number() over (
        partition by conversation_key, is_eligible and not is_bot_contained
        order by is_replied desc, turn
    ) = 1 as is_first
from started;

create table fct_messages as
select
    message_key, cut.conversation_key,
    case when cut.is_customer then md5('v' || turns.first_message_key || '|vturn') end as turn_key,
    key2('ringcentral_engage', messages.thread) as thread_key,
    key2('ringcentral_engage', messages.source_id) as profile_key, sent_at, day_of(sent_at) as sent_on,
    cut.position as thread_position, messages.contact_key, messages.agent_key, messages.network,
    case when is_out then 'out' else 'in' end as direction, message_type, directedness, is_own, is_bot,
    is_spam, is_hidden, is_repost, is_private, is_removed, needs_response, messages.is_eligible
from messages
inner join cut using (message_key)
left join turns
    on turns.conversation_key = cut.conversation_key
    and turns.turn = case when cut.is_customer then cut.turn end;

create table fct_conversation_events as
select conversation_key, moment as event_at, day_of(moment) as event_on, position as thread_position,
    agent_key, kind as event_kind, is_automatic, is_close, is_reopen,
    key2('ringcentral_engage', id) as event_key
from cut
where rank = 1;

-- Business time: what each calendar's clock reads at the edges of its open intervals --------------
create temp table clock as
with
    wall as (
        select
            calendar_id, zone, day + opens::interval as opens,
            case when closes <= opens then day + interval 1 day else day end + closes::interval
            as closes
        from (
            select unnest(range(
                date '2024-12-01', getvariable('as_of')::date + 60, interval 1 day))::date as day
        )
        inner join read_csv(getvariable('seeds') || '/business_hours.csv',
            types = {'opens': 'varchar', 'closes': 'varchar', 'valid_to_on': 'date'}) as hours
            on hours.iso_weekday = isodow(day) and day >= valid_from_on
            and (valid_to_on is null or day < valid_to_on)
        inner join read_csv(getvariable('seeds') || '/business_calendars.csv') using (calendar_id)
        anti join read_csv(getvariable('seeds') || '/business_holidays.csv') as holidays
            on holidays.calendar_id = hours.calendar_id and holidays.holiday_on = day
    ),

    instants as (
        select
            calendar_id, timezone('UTC', timezone(zone, opens)) as opens_at,
            timezone('UTC', timezone(zone, closes)) as closes_at
        from wall
    ),

    islands as (
        select
            *, sum((not coalesce(reached >= opens_at, false))::int) over (
                partition by calendar_id order by opens_at, closes_at
                rows between unbounded preceding and current row) as island
        from (
            select *, max(closes_at) over (
                partition by calendar_id order by opens_at, closes_at
                rows between unbounded preceding and 1 preceding) as reached
            from instants
        )
    )

select
    calendar_id, min(opens_at) as opens_at, max(closes_at) as closes_at,
    sum(epoch_us(max(closes_at)) - epoch_us(min(opens_at))) over (
        partition by calendar_id order by min(opens_at)
    ) - (epoch_us(max(closes_at)) - epoch_us(min(opens_at))) as open_before_us
from islands
group by calendar_id, island;

create macro reading(open_before_us, opens_at, closes_at, t) as
    coalesce(open_before_us + epoch_us(least(t, closes_at)) - epoch_us(opens_at), 0);

create table fct_conversations as
with
    asked as (
        select *, min(moment) filter (where is_eligible) over (partition by conversation_key) as asked_at
        from cut
    ),

    counted as (
        select
            conversation_key, any_value(thread_hash) as thread_hash, any_value(segment) as segment,
            min(moment) filter (where rank = 0) as opened_at,
            max(moment) filter (where rank = 0) as last_message_at,
            max(moment) filter (where rank = 0 or is_reopen) as last_active_at,
            min(moment) filter (where is_eligible) as first_inbound_at,
            min(moment) filter (where is_close and moment >= coalesce(asked_at, moment)) as first_closed_at,
            max(moment) filter (where is_close) as last_closed_at,
            count(*) filter (where is_close) as closes, count(*) filter (where is_reopen) as reopens,
            count(*) filter (where kind = 'inbound') as inbound_messages,
            count(*) filter (where kind = 'human') as human_replies,
            count(*) filter (where kind = 'bot') as bot_messages,
            bool_or(is_eligible) as has_eligible,
            coalesce(max(position) filter (where is_close)
                > max(position) filter (where kind = 'inbound' or is_reopen), bool_or(is_close))
            as is_closed,
            coalesce(max(position) filter (where kind = 'inbound')
                > coalesce(max(position) filter (where kind = 'human' or is_close), 0), false)
            as is_waiting,
            arg_min(contact_key, position) filter (where kind = 'inbound' and contact_key is not null)
            as contact_key
        from asked
        group by conversation_key
    ),

    by_message as (
        select
            conversation_key,
            count(*) filter (where direction = 'in' and is_spam) as spam,
            count(*) filter (where direction = 'in' and directedness = 'to_us') as to_us,
            arg_min(direction, thread_position) as first_direction,
            arg_min(network, thread_position) as network,
            arg_min(message_type, thread_position) as message_type,
            arg_min(profile_key, thread_position) as profile_key,
            any_value(thread_key) as thread_key
        from fct_messages
        group by conversation_key
    ),

    followed as (
        select
            *,
            lead(opened_at) over (partition by thread_hash order by segment) as next_opened_at,
            case when not is_closed and not is_waiting
                and last_active_at + interval 72 hours <= getvariable('as_of')
                then last_active_at + interval 72 hours end as silent_at
        from counted
        inner join by_message using (conversation_key)
    )

select
    conversation_key, thread_key, segment as segment_number, profile_key, contact_key, opened_at,
    day_of(opened_at) as opened_on, next_opened_at, first_inbound_at, last_message_at,
    first_closed_at, last_closed_at,
    case when is_closed then last_closed_at else least(silent_at, next_opened_at) end as ended_at,
    case
        when is_closed then 'closed'
        when silent_at <= coalesce(next_opened_at, silent_at) then 'silence'
        when next_opened_at is not null then 'superseded' else 'open'
    end as end_reason,
    network, message_type, case first_direction when 'in' then 'customer' else 'brand' end
    as initiated_by,
    case when to_us > 0 then 'to_us' else 'about_us' end as directedness,
    inbound_messages > 0 and inbound_messages = spam as is_spam,
    first_direction = 'in' and has_eligible and to_us > 0 and inbound_messages > spam as is_in_scope,
    inbound_messages, human_replies, bot_messages, closes, reopens
from followed;

create table fct_replies as
with
    timed as (
        select
            turns.*, calendar_id, conversations.is_in_scope as is_case, conversations.network,
            conversations.profile_key, conversations.initiated_by, conversations.directedness,
            conversations.next_opened_at
        from turns
        inner join fct_conversations as conversations using (conversation_key)
        inner join (select message_key, calendar_id from messages) as first
            on first.message_key = conversation_key
    ),

    begun as (
        select timed.*, reading(open_before_us, opens_at, closes_at, clock_started_at) as begun_us,
            coalesce(clock_started_at < closes_at, false) as is_open
        from timed
        asof left join clock
            on clock.calendar_id = timed.calendar_id and clock.opens_at <= timed.clock_started_at
    )

select
    md5('v' || first_message_key || '|vturn') as turn_key, conversation_key, first_message_key,
    reply_message_key, profile_key, started_at, day_of(started_at) as started_on, clock_started_at,
    bot_replied_at, handed_off_at, replied_at, day_of(replied_at) as replied_on,
    case when not is_replied then coalesce(ended_at, next_opened_at) end as abandoned_at, network,
    directedness, initiated_by, is_eligible, is_eligible and is_to_us and is_case as is_in_scope,
    is_replied, is_bot_contained, is_first, not is_open as is_out_of_hours, customer_messages,
    seconds(clock_started_at, replied_at) as wait_s,
    case when is_replied then divide(
        (reading(open_before_us, opens_at, closes_at, replied_at) - begun_us)::bigint, 1000000
    ) end as wait_business_s,
    seconds(started_at, bot_replied_at) as bot_s,
    least(seconds(clock_started_at, getvariable('as_of')), 259201) as age_s
from begun
asof left join clock on clock.calendar_id = begun.calendar_id and clock.opens_at <= begun.replied_at;

-- Both sites: events to sessions -----------------------------------------------------------------
create temp table web_sessions as
with
    ga4 as (
        select
            'ga4' as source, user_pseudo_id as visitor, ga_session_id as session,
            event_timestamp as moment, event_date as day_on, event_name,
            session_engaged in ('1', 'true') as is_engaged, engagement_time_msec as msec
        from read_parquet(getvariable('raw') || '/ga4/events/*.parquet')
        where event_timestamp <= getvariable('as_of') and user_pseudo_id is not null
        qualify row_number() over (
            partition by user_pseudo_id, event_timestamp, event_name, batch_page_id,
                batch_ordering_id, batch_event_index, page_location, transaction_id
        ) = 1
    ),

    flat as (
        select
            'web_events', coalesce(user_pseudo_id, ga_client_id) as visitor, session_id,
            event_timestamp, event_date, event_name, null::boolean, null::bigint
        from read_parquet(getvariable('raw') || '/web_events/events/*.parquet')
        where event_timestamp <= getvariable('as_of')
            and coalesce(user_pseudo_id, ga_client_id) is not null
        qualify row_number() over (
            partition by coalesce(user_pseudo_id, ga_client_id), session_id, event_timestamp,
                event_name, full_page_url, order_id_after_generated, quote_number_after_generated
        ) = 1
    )

select
    source, visitor, session, min(moment) as started_at, max(moment) as ended_at, count(*) as events,
    count(*) filter (where event_name = 'page_view') as page_views, bool_or(is_engaged) as is_engaged,
    sum(msec) as engagement_msec
from (from ga4 union all from flat)
where session is not null
group by source, visitor, session;

create table fct_web_sessions as
select
    key2(source, visitor) as visitor_key,
    md5('v' || source || '|v' || visitor_key || '|v' || session) as session_key, source, started_at,
    ended_at, day_of(started_at) as started_on, seconds(started_at, ended_at) as duration_s,
    engagement_msec / 1000 as engagement_s, events, page_views,
    row_number() over (partition by visitor_key order by started_at, session_key) as session_number
from web_sessions;
