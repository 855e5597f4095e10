"""Conversations, turns, waits, closes and backlog days again: plain loops over messages and events.

Written from docs/definitions.md, word by word and as slowly as it reads; rows of dimensions and
streams come in, rows of the fact tables come out. Adding them up to KPIs is in `kpis`.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from simulator.truth.business_time import BusinessCalendar, Shift

Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]

# What the loops read; everything else is worked out.
STREAMS = ("fct_messages", "fct_conversation_events", "int_message_tags", "int_thread_tags_unioned")

REOPEN_WINDOW = timedelta(days=7)
SILENCE = timedelta(hours=72)
REPEAT_WINDOW = timedelta(days=7)
NEVER = datetime.fromisoformat("9999-12-31T00:00")
UNASSIGNED = "unassigned"


def key(*parts: Any) -> str:
    """A surrogate key: the same on every engine."""
    return hashlib.md5("|".join("n" if p is None else f"v{p}" for p in parts).encode()).hexdigest()


def seconds(start: datetime | None, end: datetime | None) -> int | None:
    """Seconds on the clock."""
    if start is None or end is None:
        return None
    return int((end - start) / timedelta(seconds=1))


@dataclass(slots=True)
class Item:
    """A message (`in`, `human`, `bot`) or an event of a thread."""

    at: datetime
    kind: str
    row: Row
    is_message: bool
    is_effective: bool = False
    is_reopening: bool = False

    @property
    def agent(self) -> str | None:
        return self.row["agent_key"]

    @property
    def is_customer(self) -> bool:
        return self.kind == "in" and not self.row["is_own"]

    @property
    def ends_wait(self) -> bool:
        return self.kind == "human" or self.is_effective

    @property
    def is_by_person(self) -> bool:
        return self.agent is not None and not self.row["is_automatic"]


@dataclass(slots=True)
class Turn:
    """What a customer wrote until a person answered or closed."""

    customer: list[Item]
    run: list[Item]
    end: Item | None

    @property
    def eligible(self) -> list[Item]:
        return [item for item in self.customer if item.row["is_eligible"]]

    @property
    def started_at(self) -> datetime:
        return (self.eligible or self.customer)[0].at

    @property
    def is_to_us(self) -> bool:
        return any(item.row["directedness"] == "to_us" for item in self.eligible)

    @property
    def reply(self) -> Item | None:
        return self.end if self.end is not None and self.end.kind == "human" else None

    @property
    def close(self) -> Item | None:
        return self.end if self.end is not None and self.end.kind == "closed" else None

    def _first(self, kind: str) -> datetime | None:
        found = (i.at for i in self.run if i.kind == kind and i.at >= self.started_at)
        return next(found, None)

    @property
    def bot_replied_at(self) -> datetime | None:
        return self._first("bot")

    @property
    def handed_off_at(self) -> datetime | None:
        return self._first("bot_handoff")

    @property
    def clock_started_at(self) -> datetime:
        return self.handed_off_at or self.started_at

    @property
    def is_bot_contained(self) -> bool:
        return (
            self.reply is None
            and self.bot_replied_at is not None
            and self.handed_off_at is None
            and self.close is not None
        )


@dataclass(slots=True)
class Conversation:
    """A segment of a thread."""

    number: int
    opening: Item
    items: list[Item] = field(default_factory=list)
    next_opened_at: datetime | None = None
    turns: list[Turn] = field(default_factory=list)
    ended_at: datetime | None = None
    end_reason: str = "open"
    spans: list[tuple[datetime, datetime | None, bool]] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.opening.row["message_key"]

    @property
    def opened_at(self) -> datetime:
        return self.opening.at

    def of(self, *kinds: str) -> list[Item]:
        return [item for item in self.items if item.kind in kinds]

    @property
    def messages(self) -> list[Item]:
        return [item for item in self.items if item.is_message]

    @property
    def closes(self) -> list[Item]:
        return [item for item in self.items if item.is_effective]

    @property
    def reopenings(self) -> list[Item]:
        return [item for item in self.items if item.is_reopening]

    @property
    def first_closed_at(self) -> datetime | None:
        """The first close of what was asked: one before the first question is none of it."""
        asked = self.first_inbound_at
        return next((close.at for close in self.closes if asked is None or close.at >= asked), None)

    @property
    def is_closed(self) -> bool:
        return len(self.closes) > len(self.reopenings)

    @property
    def first_turn(self) -> Turn | None:
        able = [turn for turn in self.turns if turn.eligible and not turn.is_bot_contained]
        answered = [turn for turn in able if turn.reply is not None]
        return next(iter(answered or able), None)

    @property
    def first_inbound_at(self) -> datetime | None:
        return next((i.at for i in self.of("in") if i.row["is_eligible"]), None)

    @property
    def is_from_customer(self) -> bool:
        return self.opening.kind == "in"

    @property
    def is_to_us(self) -> bool:
        return any(item.row["directedness"] == "to_us" for item in self.of("in"))

    @property
    def is_in_scope(self) -> bool:
        inbound = self.of("in")
        return (
            self.is_from_customer
            and any(i.row["is_eligible"] for i in inbound)
            and self.is_to_us
            and not all(i.row["is_spam"] for i in inbound)
        )

    @property
    def is_handled(self) -> bool:
        return self.is_in_scope and bool(
            self.of("human") or any(close.is_by_person for close in self.closes)
        )

    @property
    def is_care_closed(self) -> bool:
        return self.is_in_scope and bool(self.of("human") and self.closes)

    @property
    def contact(self) -> str | None:
        known = [i.row["contact_key"] for i in self.of("in") if i.row["contact_key"]]
        return known[0] if known else None

    @property
    def assignments(self) -> list[Item]:
        """Changes of the person in charge; to nobody as well."""
        found = self.of("assigned")
        return found if any(item.agent for item in found) else []

    @property
    def stations(self) -> list[Item]:
        """The people in charge one after the other; without assignments those who answered."""
        people = self.assignments or self.of("human")
        return [item for item in people if item.agent]

    def in_charge(self, before: Item | datetime) -> Item | None:
        """The last assignment before an item of this conversation, or before an instant."""
        if isinstance(before, Item):
            # Not `index`: two events may be equal in everything.
            position = next(n for n, item in enumerate(self.items) if item is before)
            found = [
                item for item in self.items[:position] if any(item is a for a in self.assignments)
            ]
        else:
            found = [item for item in self.assignments if item.at < before]
        return found[-1] if found else None


def conversations_of(items: Sequence[Item], as_of: datetime) -> list[Conversation]:
    """Conversations of one thread from its items in order."""
    found: list[Conversation] = []
    early: list[Item] = []
    closed_at: datetime | None = None
    previous_active_at: datetime | None = None
    waiting = False
    for item in items:
        if item.is_message:
            if not found:
                starts = True
            elif closed_at is not None:
                starts = item.at - closed_at >= REOPEN_WINDOW
            else:
                silent = item.at - previous_active_at >= SILENCE
                starts = silent and (item.kind == "in" or not waiting)
            if starts:
                if found:
                    found[-1].next_opened_at = item.at
                found.append(Conversation(len(found) + 1, item, early))
                early, closed_at, waiting = [], None, False
            elif closed_at is not None and item.kind == "in":
                item.is_reopening = True
                closed_at = None
            previous_active_at = item.at
            if item.kind == "in":
                waiting = True
            elif item.kind == "human":
                waiting = False
        elif not found:
            # What is noted before the first message belongs to the conversation it opens; a close
            # of nothing closes nothing.
            early.append(item)
            continue
        elif item.kind == "closed" and closed_at is None:
            item.is_effective = True
            closed_at, waiting = item.at, False
        elif (
            item.kind == "reopened"
            and closed_at is not None
            and item.at - closed_at < REOPEN_WINDOW
        ):
            item.is_reopening = True
            closed_at, previous_active_at = None, item.at
        found[-1].items.append(item)
    for conversation in found:
        _finish(conversation, as_of)
    return found


def _finish(conversation: Conversation, as_of: datetime) -> None:
    run: list[Item] = []
    waiting = False
    for item in [*conversation.items, None]:
        if item is None or item.ends_wait:
            customer = [each for each in run if each.is_customer]
            if customer:
                conversation.turns.append(Turn(customer, run, item))
            run, waiting = [], False if item else waiting
        else:
            run.append(item)
            waiting = waiting or item.kind == "in"
    active = [item.at for item in conversation.items if item.is_message or item.is_reopening]
    silent_at = max(active) + SILENCE
    ends = []
    if conversation.is_closed:
        ends.append((conversation.closes[-1].at, "closed"))
    else:
        if not waiting and silent_at <= as_of:
            ends.append((silent_at, "silence"))
        if conversation.next_opened_at is not None:
            ends.append((conversation.next_opened_at, "superseded"))
    conversation.ended_at, conversation.end_reason = min(
        ends, key=lambda end: end[0], default=(None, "open")
    )
    starts = [(conversation.opened_at, False)]
    starts += [(item.at, True) for item in conversation.reopenings]
    stops = [item.at for item in conversation.closes]
    stops += [conversation.ended_at] * (len(starts) - len(stops))
    conversation.spans = [
        (start, stop, again) for (start, again), stop in zip(starts, stops, strict=True)
    ]


class Company:
    """Everything about care that follows from the streams and dimensions of one warehouse."""

    def __init__(self, tables: Tables, as_of: datetime, zone: str) -> None:
        self.tables, self.as_of, self.zone = tables, as_of, ZoneInfo(zone)
        self.messages = {row["message_key"]: row for row in tables["fct_messages"]}
        self.profiles = {row["profile_key"]: row for row in tables["dim_profile"]}
        self.calendars = calendars_of(tables)
        self.policy_of_tag = {row["tag"]: row.get("policy") for row in tables["tags"]}
        self.teams = _by(tables["dim_agent"], "agent_key")
        self.vips = _by(tables["bridge_contact_vip"], "contact_key")
        self.threads = self._split()
        self.conversations = [each for thread in self.threads.values() for each in thread]
        self.turns = [(each, turn) for each in self.conversations for turn in each.turns]
        self.tags = self._tags()
        self.priorities = self._priorities()
        self.ratings = self._ratings()

    # Time

    def local(self, instant: datetime) -> datetime:
        """Wall time in the reporting zone."""
        return instant.replace(tzinfo=UTC).astimezone(self.zone).replace(tzinfo=None)

    def day(self, instant: datetime | None) -> date | None:
        """The company's day of an instant."""
        return None if instant is None else self.local(instant).date()

    def ends_at(self, day: date) -> datetime:
        """The instant at which a day of the company is over."""
        midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), self.zone)
        return midnight.astimezone(UTC).replace(tzinfo=None)

    def business_seconds(
        self, profile: str, start: datetime | None, end: datetime | None
    ) -> int | None:
        """Open seconds of a profile's calendar."""
        if start is None or end is None:
            return None
        calendar = self.calendars[self.profiles[profile]["calendar_id"]]
        return int(calendar.seconds_between(_epoch(start), _epoch(end)))

    def is_open(self, profile: str, instant: datetime) -> bool:
        """Whether a profile's calendar is open in the second that begins at an instant."""
        return self.business_seconds(profile, instant, instant + timedelta(seconds=1)) > 0

    # Who, and what is known about them

    def team(self, agent: str | None, at: datetime | None) -> str:
        """An agent's team at an instant."""
        for version in self.teams.get(agent, ()):
            if version["valid_from_at"] <= at < (version["valid_to_at"] or NEVER):
                return version["team"] or UNASSIGNED
        return UNASSIGNED

    def is_vip(self, contact: str | None, at: datetime) -> bool:
        """Whether a contact is on a list at an instant."""
        return any(
            row["valid_from_at"] <= at < (row["valid_to_at"] or NEVER)
            for row in self.vips.get(contact, ())
        )

    def priority(self, conversation: Conversation, at: datetime) -> str:
        """Priority in force; the first one anybody sets holds from the beginning."""
        changes = self.priorities[conversation.opening.row["thread_key"]]
        past = [value for set_at, value in changes if set_at <= at] or [
            value for _, value in changes[:1]
        ]
        return past[-1] if past else "normal"

    def visibility_policy(self, conversation: Conversation) -> str | None:
        """What the tags of a conversation ask for: the careful one of two."""
        asked = {self.policy_of_tag.get(tag) for tag, _, _ in self.tags[conversation.key]}
        return next((word for word in ("private", "public") if word in asked), None)

    def values(self, conversation: Conversation, kind: str) -> list[str]:
        """Products or topics of a conversation."""
        profile = self.profiles[conversation.opening.row["profile_key"]]
        return members(self.tags[conversation.key], kind, profile)

    def last_assigned(self, conversation: Conversation) -> tuple[str | None, str]:
        """Agent and team of the last assignment, as of then."""
        if not conversation.assignments:
            return None, UNASSIGNED
        last = conversation.assignments[-1]
        return last.agent, self.team(last.agent, last.at)

    def answers(self, conversation: Conversation, turn: Turn | None) -> tuple[str | None, str]:
        """Agent and team of who answered; unanswered, of who was asked last."""
        if turn is not None and turn.reply is not None:
            return turn.reply.agent, self.team(turn.reply.agent, turn.reply.at)
        return self.last_assigned(conversation)

    def closing(self, conversation: Conversation) -> tuple[str | None, str]:
        """Who was in charge at the last close; nobody, then who closed."""
        if not conversation.closes:
            return None, UNASSIGNED
        close = conversation.closes[-1]
        assigned = conversation.in_charge(close)
        agent = (assigned and assigned.agent) or close.agent
        return agent, self.team(agent, close.at)

    def handoffs(self, conversation: Conversation) -> list[tuple[Item, str, bool]]:
        """(arrival, team handed to, is it another team) of every change of the person in charge.

        Two tools that hold one conversation name one person differently: each follows its own.
        """
        found = []
        for source in {item.row["source"] for item in conversation.stations}:
            own = [item for item in conversation.stations if item.row["source"] == source]
            for before, item in pairwise(own):
                if before.agent != item.agent:
                    team = self.team(item.agent, item.at)
                    found.append((item, team, team != self.team(before.agent, item.at)))
        return found

    def handling(self, conversation: Conversation) -> list[tuple[Item, datetime, datetime]]:
        """(assignment, from, to): somebody was in charge and a customer waited."""
        spans = []
        assignments = conversation.assignments
        for number, item in enumerate(assignments):
            following = assignments[number + 1 : number + 2]
            until = following[0].at if following else (conversation.ended_at or self.as_of)
            if item.agent:
                spans.append((item, item.at, until))
        found = []
        for turn in conversation.turns:
            if turn.eligible and not turn.is_bot_contained:
                waits_until = self.waits_until(conversation, turn)
                for item, start, until in spans:
                    low, high = max(start, turn.clock_started_at), min(until, waits_until)
                    if low < high:
                        found.append((item, low, high))
        return found

    def waits_until(self, conversation: Conversation, turn: Turn) -> datetime:
        """Until when a customer waited: the answer, the close, the next conversation, or now."""
        if turn.end is not None:
            return turn.end.at
        return conversation.next_opened_at or self.as_of

    # Reading the streams

    def _split(self) -> dict[str, list[Conversation]]:
        items: dict[str, list[tuple[tuple, Item]]] = defaultdict(list)
        for row in self.tables["fct_messages"]:
            kind = "in" if row["direction"] == "in" else "bot" if row["is_bot"] else "human"
            item = Item(row["sent_at"], kind, row, True)
            items[row["thread_key"]].append(((item.at, 0, row["thread_position"]), item))
        for row in self.tables["fct_conversation_events"]:
            item = Item(row["event_at"], row["event_kind"], row, False)
            items[row["thread_key"]].append(((item.at, 1, row["thread_position"]), item))
        return {
            thread: conversations_of(
                [item for _, item in sorted(rows, key=lambda each: each[0])], self.as_of
            )
            for thread, rows in items.items()
        }

    def _tags(self) -> dict[str, set[tuple[str, str, str]]]:
        """(tag, kind, value) of each conversation: its messages', and its thread's of that time."""
        by_message = _by(self.tables["int_message_tags"], "message_key")
        by_thread = _by(self.tables["int_thread_tags_unioned"], "thread_key")
        found: dict[str, set[tuple[str, str, str]]] = {}
        for thread, conversations in self.threads.items():
            for each in conversations:
                rows = [
                    row
                    for item in each.messages
                    for row in by_message.get(item.row["message_key"], ())
                ]
                rows += [
                    row
                    for row in by_thread.get(thread, ())
                    if in_force(conversations, row["opened_at"]) is each
                ]
                found[each.key] = {(row["tag"], row["tag_kind"], row["tag_value"]) for row in rows}
        return found

    def _priorities(self) -> dict[str, list[tuple[datetime, str]]]:
        found: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
        for thread, conversations in self.threads.items():
            for item in (item for each in conversations for item in each.of("priority")):
                found[thread].append((item.at, item.row["event_value"]))
        for row in self.tables["int_thread_tags_unioned"]:
            if row["tag_kind"] == "priority":
                found[row["thread_key"]].append((row["opened_at"], row["tag_value"]))
        rank = ("critical", "high", "low", "normal")
        result: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
        for thread, changes in found.items():
            named = [
                (at, "normal" if value == "medium" else value)
                for at, value in changes
                if value in (*rank, "medium")
            ]
            # Of two noted in one instant the default gives way, and the more urgent holds.
            for at in sorted({at for at, _ in named}):
                values = [value for each, value in named if each == at]
                result[thread].append((at, min(values, key=rank.index)))
        return result

    def _ratings(self) -> dict[str, bool]:
        """What the latest rated satisfaction survey of each conversation says."""
        found: dict[str, tuple[datetime, str, bool]] = {}
        for row in self.tables["fct_survey_responses"]:
            if row["survey_kind"] != "csat" or row["is_satisfied"] is None:
                continue
            conversation = row["conversation_key"]
            mine = (row["responded_at"], row["survey_key"], row["is_satisfied"])
            if conversation is not None and (
                conversation not in found or mine[0] > found[conversation][0]
            ):
                found[conversation] = mine
        return {conversation: satisfied for conversation, (_, _, satisfied) in found.items()}

    # Rows of the facts

    def message_rows(self) -> Iterable[dict[str, Any]]:
        """What `fct_messages` says beyond the message itself."""
        actioned: set[str] = set()
        turn_of: dict[str, str] = {}
        conversation_of: dict[str, str] = {}
        for conversation in self.conversations:
            for item in conversation.items:
                if item.is_message:
                    conversation_of[item.row["message_key"]] = conversation.key
                elif item.kind in ("tagged", "liked", "completed") and not item.row["is_automatic"]:
                    actioned.add(item.row["message_key"])
            for turn in conversation.turns:
                name = turn_key(turn)
                ended_by_person = turn.reply is not None or (
                    turn.close is not None and turn.close.is_by_person
                )
                for item in turn.customer:
                    turn_of[item.row["message_key"]] = name
                    if ended_by_person:
                        actioned.add(item.row["message_key"])
        for name, row in self.messages.items():
            yield {
                "message_key": name,
                "conversation_key": conversation_of[name],
                "turn_key": turn_of.get(name),
                "sent_on": self.day(row["sent_at"]),
                "visibility": "private" if row["is_private"] else "public",
                "is_vip": self.is_vip(row["contact_key"], row["sent_at"]),
                "is_actioned": row["direction"] == "in" and name in actioned,
            }

    def reply_rows(self) -> Iterable[dict[str, Any]]:
        """`fct_replies`."""
        for conversation, turn in self.turns:
            profile = conversation.opening.row["profile_key"]
            first = turn.customer[0].row
            reply = turn.reply
            agent, team = self.answers(conversation, turn)
            start = turn.clock_started_at
            replied_at = reply.at if reply else None
            abandoned_at = None
            if reply is None:
                abandoned_at = turn.close.at if turn.close else conversation.next_opened_at
            reply_visibility = None
            if reply is not None:
                private = reply.row["is_private"] or reply.row["redirect_kind"] == "dm"
                reply_visibility = "private" if private else "public"
            yield {
                "turn_key": turn_key(turn),
                "conversation_key": conversation.key,
                "first_message_key": first["message_key"],
                "reply_message_key": reply.row["message_key"] if reply else None,
                "profile_key": profile,
                "started_at": turn.started_at,
                "started_on": self.day(turn.started_at),
                "clock_started_at": start,
                "bot_replied_at": turn.bot_replied_at,
                "handed_off_at": turn.handed_off_at,
                "replied_at": replied_at,
                "replied_on": self.day(replied_at),
                "abandoned_at": abandoned_at,
                "agent_key": agent,
                "team": team,
                "network": conversation.opening.row["network"],
                "message_type": first["message_type"],
                "visibility": "private" if first["is_private"] else "public",
                "reply_visibility": reply_visibility,
                "policy_visibility": self.visibility_policy(conversation),
                "initiated_by": "customer" if conversation.is_from_customer else "brand",
                "directedness": "to_us" if conversation.is_to_us else "about_us",
                "priority": self.priority(conversation, turn.started_at),
                "is_vip": self.is_vip(first["contact_key"], turn.started_at),
                "is_eligible": bool(turn.eligible),
                "is_in_scope": bool(turn.eligible) and turn.is_to_us and conversation.is_in_scope,
                "is_replied": reply is not None,
                "is_bot_contained": turn.is_bot_contained,
                "is_first": turn is conversation.first_turn,
                "is_out_of_hours": not self.is_open(profile, start),
                "customer_messages": len(turn.customer),
                "wait_s": seconds(start, replied_at),
                "wait_business_s": self.business_seconds(profile, start, replied_at),
                "bot_s": seconds(turn.started_at, turn.bot_replied_at),
                "age_s": min(seconds(start, self.as_of), 3 * 86400 + 1),
            }

    def conversation_rows(self) -> Iterable[dict[str, Any]]:
        """`fct_conversations`."""
        repeated = self.repeated()
        for each in self.conversations:
            first = each.first_turn
            opening = each.opening.row
            agent, team = self.answers(each, first)
            closing_agent, closing_team = self.closing(each)
            handoffs = self.handoffs(each)
            assigned = [item for item in each.assignments if item.agent]
            first_assigned_at = assigned[0].at if assigned else None
            bots = each.of("bot", "bot_started")
            humans = each.of("human")
            inbound = each.of("in")
            stations = each.stations
            first_closed_at = each.first_closed_at
            last_closed_at = each.closes[-1].at if each.closes else None
            reply_s = None
            if first is not None and first.reply is not None:
                reply_s = seconds(first.clock_started_at, first.reply.at)
            assign_s = seconds(each.first_inbound_at, first_assigned_at)
            products = [v for _, kind, v in self.tags[each.key] if kind == "product"]
            product = self.profiles[opening["profile_key"]]["product"]
            yield {
                "conversation_key": each.key,
                "thread_key": opening["thread_key"],
                "segment_number": each.number,
                "profile_key": opening["profile_key"],
                "contact_key": each.contact,
                "agent_key": agent,
                "closing_agent_key": closing_agent,
                "opened_at": each.opened_at,
                "opened_on": self.day(each.opened_at),
                "next_opened_at": each.next_opened_at,
                "first_inbound_at": each.first_inbound_at,
                "bot_started_at": bots[0].at if bots else None,
                "first_assigned_at": first_assigned_at,
                "first_replied_at": first.reply.at if first and first.reply else None,
                "last_message_at": each.messages[-1].at,
                "first_closed_at": first_closed_at,
                "first_closed_on": self.day(first_closed_at),
                "last_closed_at": last_closed_at,
                "last_closed_on": self.day(last_closed_at),
                "ended_at": each.ended_at,
                "end_reason": each.end_reason,
                "network": opening["network"],
                "message_type": opening["message_type"],
                "visibility": "private" if opening["is_private"] else "public",
                "product": min(products, default=product or "untagged"),
                "priority": self.priority(each, each.opened_at),
                "is_vip": self.is_vip(each.contact, each.opened_at),
                "initiated_by": "customer" if each.is_from_customer else "brand",
                "directedness": "to_us" if each.is_to_us else "about_us",
                "team": team,
                "closing_team": closing_team,
                "status": "closed" if each.is_closed else "open",
                "is_in_scope": each.is_in_scope,
                "is_spam": bool(inbound) and all(i.row["is_spam"] for i in inbound),
                "is_handled": each.is_handled,
                "is_care_closed": each.is_care_closed,
                "is_one_touch": each.is_closed and len(humans) == 1,
                "is_bot_started": bool(bots),
                "is_bot_resolved": bool(bots) and each.is_closed and not humans,
                "is_redirected": bool(humans)
                and humans[-1].row["redirect_kind"] in ("portal", "phone", "email"),
                "is_closed_automatically": each.is_closed and not each.closes[-1].is_by_person,
                "csat_satisfied": self.ratings.get(each.key),
                "is_repeated_within_7d": each.key in repeated,
                "is_fcr": each.is_closed
                and not any(crosses for _, _, crosses in handoffs)
                and not each.reopenings
                and each.key not in repeated,
                "inbound_messages": len(inbound),
                "human_replies": len(humans),
                "bot_messages": len(each.of("bot")),
                "closes": len(each.closes),
                "reopens": len(each.reopenings),
                "handoffs": len(handoffs),
                "cross_team_handoffs": sum(crosses for _, _, crosses in handoffs),
                "agents": len({item.agent for item in stations}),
                "first_reply_s": reply_s,
                "first_reply_business_s": self.business_seconds(
                    opening["profile_key"],
                    first.clock_started_at if first else None,
                    first.reply.at if first and first.reply else None,
                ),
                "first_reply_bot_s": seconds(first.started_at, first.bot_replied_at)
                if first
                else None,
                "first_close_s": seconds(each.first_inbound_at, first_closed_at),
                "final_close_s": seconds(each.first_inbound_at, last_closed_at)
                if each.is_closed
                else None,
                "open_s": sum(seconds(start, stop or self.as_of) for start, stop, _ in each.spans),
                "waiting_on_us_s": sum(
                    seconds(turn.clock_started_at, self.waits_until(each, turn))
                    for turn in each.turns
                ),
                "assign_s": None if assign_s is None else max(assign_s, 0),
                "handle_s": sum(seconds(a, b) for _, a, b in self.handling(each))
                if assigned
                else None,
            }

    def repeated(self) -> set[str]:
        """Closed ones after which the contact came back on a topic within seven days."""
        by_contact: dict[str, list[Conversation]] = defaultdict(list)
        for each in self.conversations:
            if each.contact is not None:
                by_contact[each.contact].append(each)
        found = set()
        for own in by_contact.values():
            for each in own:
                if not each.is_closed:
                    continue
                closed_at = each.closes[-1].at
                topics = set(self.values(each, "topic"))
                if any(
                    later is not each
                    and later.is_in_scope
                    and closed_at < later.opened_at <= closed_at + REPEAT_WINDOW
                    and topics & set(self.values(later, "topic"))
                    for later in own
                ):
                    found.add(each.key)
        return found

    def backlog(self) -> Iterable[tuple[Conversation, date, datetime]]:
        """(conversation, day, its midnight) of every day at whose end a conversation is open."""
        today = self.day(self.as_of)
        for each in self.conversations:
            days = set()
            for start, stop, _ in each.spans:
                day = self.day(start)
                while day < today and self.ends_at(day) <= (stop or self.as_of):
                    days.add(day)
                    day += timedelta(days=1)
            for day in sorted(days):
                yield each, day, self.ends_at(day)

    def daily_rows(self) -> Iterable[dict[str, Any]]:
        """`fct_conversation_daily`."""
        for each, day, midnight in self.backlog():
            opening = each.opening.row
            assigned = each.in_charge(midnight)
            turn = each.first_turn
            waits = (
                turn is not None
                and turn.clock_started_at < midnight
                and (turn.reply is None or turn.reply.at >= midnight)
            )
            yield {
                "conversation_day_key": key(each.key, day),
                "conversation_key": each.key,
                "day_on": day,
                "day_ends_at": midnight,
                "profile_key": opening["profile_key"],
                "agent_key": assigned.agent if assigned else None,
                "team": self.team(assigned.agent, assigned.at) if assigned else UNASSIGNED,
                "network": opening["network"],
                "status": self.status(each, midnight),
                "priority": self.priority(each, midnight),
                "is_vip": self.is_vip(each.contact, each.opened_at),
                "is_in_scope": each.is_in_scope,
                "is_unanswered": waits,
                "age_s": seconds(each.opened_at, midnight),
                "wait_s": seconds(turn.clock_started_at, midnight) if waits else None,
            }

    def status(self, conversation: Conversation, before: datetime) -> str:
        """What the last status said; a customer's message or a reopening makes it open again."""
        word = "open"
        for item in conversation.items:
            if item.at >= before:
                break
            if item.kind == "status":
                word = item.row["event_value"]
            elif item.is_customer or item.is_reopening:
                word = "open"
        return word if word in ("pending", "on_hold") else "open"


def turn_key(turn: Turn) -> str:
    """A turn is named for its first message."""
    return key(turn.customer[0].row["message_key"], "turn")


def in_force(conversations: Sequence[Conversation], at: datetime) -> Conversation | None:
    """The conversation of a thread at an instant; before the first, the first."""
    begun = [each for each in conversations if each.opened_at <= at]
    return (begun or conversations[:1])[-1] if conversations else None


def members(tags: Iterable[tuple[str, str, str]], kind: str, profile: Row) -> list[str]:
    """Products or topics of tags; without a product the profile's, else `untagged`."""
    found = sorted({value for _, tag_kind, value in tags if tag_kind == kind})
    own = profile["product"] if kind == "product" else None
    return found or [own or "untagged"]


def calendars_of(tables: Tables) -> dict[str, BusinessCalendar]:
    """Calendars by id, from the three seeds that describe them."""
    hours = _by(tables["business_hours"], "calendar_id")
    holidays = _by(tables["business_holidays"], "calendar_id")
    return {
        row["calendar_id"]: BusinessCalendar(
            row["zone"],
            [
                Shift(
                    hour["valid_from_on"],
                    hour["valid_to_on"],
                    hour["iso_weekday"],
                    _minutes(hour["opens"]),
                    _minutes(hour["closes"]),
                )
                for hour in hours.get(row["calendar_id"], ())
            ],
            {holiday["holiday_on"] for holiday in holidays.get(row["calendar_id"], ())},
        )
        for row in tables["business_calendars"]
    }


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")[:2]
    return int(hours) * 60 + int(minutes)


def _epoch(instant: datetime) -> float:
    return instant.replace(tzinfo=UTC).timestamp()


def _by(rows: Iterable[Row], column: str) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return dict(found)
