"""Promises again: which policy holds, when its clock runs, and what became of it.

Works on the conversations of `care`; walks spans second by second of a clock and looks nothing up.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.oracle.care import Company, Conversation, Turn, key, turn_key

ATTRIBUTES = ("network", "message_type", "visibility", "priority", "vip")
HORIZON = timedelta(days=400)
SECOND = timedelta(seconds=1)


@dataclass
class Promise:
    """Something a policy is about."""

    conversation: Conversation
    turn: Turn | None
    started_at: datetime
    clock_started_at: datetime
    ended_at: datetime | None
    is_given_up: bool
    is_in_scope: bool
    metric: str
    about: Mapping[str, str]


class Promises:
    """The rows of `fct_sla` that follow from a company."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.policies = company.tables["sla_policies"]

    def rows(self) -> Iterator[dict[str, Any]]:
        """Every promise given, with its outcome."""
        for promise in self.subjects():
            policy = self.policy(promise)
            if policy is not None:
                yield self.row(promise, policy)

    def subjects(self) -> Iterator[Promise]:
        """Turns that wait for a reply, and conversations that wait for their end."""
        company = self.company
        for each, turn in company.turns:
            if not turn.eligible or turn.is_bot_contained:
                continue
            ended_at = turn.end.at if turn.end else each.next_opened_at
            first = turn.customer[0].row
            yield Promise(
                each,
                turn,
                turn.started_at,
                turn.clock_started_at,
                ended_at,
                turn.reply is None and ended_at is not None,
                turn.is_to_us and each.is_in_scope,
                "first_reply" if turn is each.first_turn else "next_reply",
                self.about(each, first, first["contact_key"], turn.started_at),
            )
        for each in company.conversations:
            start = each.first_inbound_at
            if start is not None:
                yield Promise(
                    each,
                    None,
                    start,
                    start,
                    each.ended_at,
                    each.end_reason == "superseded" and self.waits(each),
                    each.is_in_scope,
                    "resolution",
                    self.about(each, each.opening.row, each.contact, start),
                )

    def about(
        self, each: Conversation, message: Mapping[str, Any], contact: str | None, at: datetime
    ) -> dict[str, str]:
        """What policies choose by, as it was when the promise was given."""
        return {
            "network": each.opening.row["network"],
            "message_type": message["message_type"],
            "visibility": "private" if message["is_private"] else "public",
            "priority": self.company.priority(each, at),
            "vip": "vip" if self.company.is_vip(contact, at) else "other",
        }

    def waits(self, each: Conversation) -> bool:
        """The last word is a customer's."""
        waiting = False
        for item in each.items:
            if item.kind == "in":
                waiting = True
            elif item.ends_wait:
                waiting = False
        return waiting

    def policy(self, promise: Promise) -> Mapping[str, Any] | None:
        """Of the policies in force on its first day, the one that names most attributes."""
        day = self.company.day(promise.started_at)
        found = [
            policy
            for policy in self.policies
            if policy["metric"] == promise.metric
            and policy["valid_from_on"] <= day
            and (policy["valid_to_on"] is None or day < policy["valid_to_on"])
            and all(policy[name] in ("all", promise.about[name]) for name in ATTRIBUTES)
        ]
        named = [sum(policy[name] != "all" for name in ATTRIBUTES) for policy in found]
        best = [policy for policy, n in zip(found, named, strict=True) if n == max(named)]
        return min(best, key=lambda policy: policy["policy_id"], default=None)

    def spans(self, promise: Promise, policy: Mapping[str, Any]) -> list[tuple[datetime, datetime]]:
        """When the clock runs: a resolution's stands while the customer is to act."""
        end = promise.ended_at or self.company.as_of
        if not (policy["pauses"] and promise.metric == "resolution"):
            return [(promise.clock_started_at, end)]
        ours = pending = closed = False
        found = []
        items = promise.conversation.items
        for number, item in enumerate(items):
            if item.kind == "in":
                ours = pending = False
            elif item.kind == "human":
                ours = True
            elif item.kind == "status":
                pending = item.row["event_value"] == "pending"
            if item.is_effective:
                closed = True
            elif item.is_reopening:
                closed = pending = False
            following = items[number + 1].at if number + 1 < len(items) else end
            start, stop = max(item.at, promise.clock_started_at), min(following, end)
            if not (ours or pending or closed) and start < stop:
                found.append((start, stop))
        return found

    def row(self, promise: Promise, policy: Mapping[str, Any]) -> dict[str, Any]:
        """What became of a promise."""
        company, each = self.company, promise.conversation
        spans = self.spans(promise, policy)
        end = promise.ended_at or company.as_of
        elapsed = sum(self.elapsed(promise, policy, *span) for span in spans)
        gross = self.elapsed(promise, policy, promise.clock_started_at, end)
        target, open_now = policy["target_s"], promise.ended_at is None
        warning = math.ceil(round(target * policy["warning_share"], 6))
        exceeded_at = None
        if elapsed > target:
            exceeded_at = self.reached(promise, policy, spans, target + 1)
        breached_at = exceeded_at
        if promise.is_given_up:
            breached_at = min(exceeded_at or promise.ended_at, promise.ended_at)
        late = promise.is_given_up or elapsed > target
        if promise.turn is not None:
            agent, team = company.answers(each, promise.turn)
        elif each.is_closed:
            agent, team = company.closing(each)
        else:
            agent, team = company.last_assigned(each)
            if agent is None:
                agent, team = company.answers(each, each.first_turn)
        name = (turn_key(promise.turn), "reply") if promise.turn else (each.key, "resolution")
        return {
            "sla_key": key(*name),
            "conversation_key": each.key,
            "turn_key": turn_key(promise.turn) if promise.turn else None,
            "profile_key": each.opening.row["profile_key"],
            "policy_id": policy["policy_id"],
            "agent_key": agent,
            "team": team,
            "started_at": promise.started_at,
            "started_on": company.day(promise.started_at),
            "clock_started_at": promise.clock_started_at,
            "ended_at": promise.ended_at,
            "deadline_at": self.reached(promise, policy, spans, target),
            "breached_at": breached_at,
            "metric": promise.metric,
            "network": promise.about["network"],
            "priority": promise.about["priority"],
            "is_vip": promise.about["vip"] == "vip",
            "clock": policy["clock"],
            "is_in_scope": promise.is_in_scope,
            "outcome": "breached" if late else "pending" if open_now else "met",
            "is_warned": open_now and not late and elapsed >= warning,
            "target_s": target,
            "warning_s": warning,
            "elapsed_s": elapsed,
            "paused_s": gross - elapsed,
        }

    def elapsed(
        self, promise: Promise, policy: Mapping[str, Any], start: datetime, end: datetime
    ) -> int:
        """Seconds between two instants on the policy's clock."""
        if policy["clock"] == "business":
            profile = promise.conversation.opening.row["profile_key"]
            return self.company.business_seconds(profile, start, end)
        return max(0, int((end - start) / SECOND))

    def reached(
        self,
        promise: Promise,
        policy: Mapping[str, Any],
        spans: list[tuple[datetime, datetime]],
        mark: int,
    ) -> datetime | None:
        """The instant at which the clock shows a mark, read on from now or the end if it must."""
        left = mark
        for start, stop in spans:
            shown = self.elapsed(promise, policy, start, stop)
            if shown >= left:
                return self.after(promise, policy, start, left)
            left -= shown
        stands_at = max(promise.ended_at or self.company.as_of, promise.clock_started_at)
        return self.after(promise, policy, stands_at, left)

    def after(
        self, promise: Promise, policy: Mapping[str, Any], start: datetime, count: int
    ) -> datetime | None:
        """The instant so many seconds of the clock after another; None if never."""
        if policy["clock"] != "business":
            return start + count * SECOND
        profile = self.company.profiles[promise.conversation.opening.row["profile_key"]]
        calendar = self.company.calendars[profile["calendar_id"]]
        at = start.replace(tzinfo=UTC).timestamp()
        day = datetime.fromtimestamp(at, UTC).astimezone(calendar.zone).date() - timedelta(days=1)
        last = day + HORIZON
        while day <= last:
            for opens, closes in calendar.open_on(day):
                open_s = closes - max(opens, at)
                if open_s >= count:
                    reached = datetime.fromtimestamp(max(opens, at) + count, UTC)
                    return reached.replace(tzinfo=None)
                if open_s > 0:
                    count -= open_s
                    at = closes
            day += timedelta(days=1)
        return None
