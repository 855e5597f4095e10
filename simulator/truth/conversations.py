"""From messages and events of a thread to conversations, turns, closes and handoffs.

One plain loop over a thread in order of time, following the definitions word by word. Which
thread, which period and which slice do not matter here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

IN, HUMAN, BOT = "in", "human", "bot"
ASSIGN, CLOSE, REOPEN, HANDOFF = "assign", "close", "reopen", "handoff"

REOPEN_WINDOW_S = 7 * 86_400
SILENCE_S = 3 * 86_400
NOBODY = -1


@dataclass(slots=True)
class Item:
    """A message (`in`, `human`, `bot`) or an event of a thread."""

    t: int
    kind: str
    agent: int = NOBODY
    is_customer: bool = True
    is_eligible: bool = False
    is_to_us: bool = True
    is_spam: bool = False
    tags: int = 0


@dataclass(slots=True)
class Turn:
    """A customer's turn and how its wait ended."""

    started_at: int
    is_eligible: bool = False
    is_to_us: bool = False
    bot_at: int | None = None
    handoff_at: int | None = None
    replied_at: int | None = None
    reply_agent: int = NOBODY
    ended_at: int | None = None
    ended_by_close: bool = False
    is_first: bool = False

    @property
    def clock_started_at(self) -> int:
        """A bot's hand-over to a person starts the clock anew."""
        return self.started_at if self.handoff_at is None else self.handoff_at

    @property
    def is_bot_contained(self) -> bool:
        """Answered by a bot alone, and closed."""
        return (
            self.replied_at is None
            and self.bot_at is not None
            and self.handoff_at is None
            and self.ended_by_close
        )

    @property
    def wait_s(self) -> int | None:
        """Seconds a human answer took, from the start of the clock."""
        return None if self.replied_at is None else self.replied_at - self.clock_started_at


@dataclass(slots=True)
class Segment:
    """One conversation of a thread."""

    opened_at: int
    is_from_customer: bool
    items: list[Item] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    closes: list[tuple[int, int, int]] = field(default_factory=list)
    reopened_at: list[int] = field(default_factory=list)
    is_closed: bool = False
    next_opened_at: int | None = None
    ended_at: int | None = None
    spans: list[tuple[int, int | None]] = field(default_factory=list)
    tags: int = 0

    @property
    def first_inbound_at(self) -> int | None:
        """The first message that needs an answer."""
        return next((i.t for i in self.items if i.kind == IN and i.is_eligible), None)

    @property
    def first_closed_at(self) -> int | None:
        """The first close of what was asked."""
        asked = self.first_inbound_at
        return next((t for t, _, _ in self.closes if asked is None or t >= asked), None)

    @property
    def human_replies(self) -> int:
        """Messages of people of the company."""
        return sum(item.kind == HUMAN for item in self.items)

    @property
    def is_in_scope(self) -> bool:
        """A customer's conversation, addressed to us, that needs an answer and is not spam."""
        inbound = [item for item in self.items if item.kind == IN]
        return (
            self.is_from_customer
            and any(item.is_eligible for item in inbound)
            and any(item.is_to_us for item in inbound)
            and not all(item.is_spam for item in inbound)
        )

    @property
    def is_handled(self) -> bool:
        """In scope and somebody of the company did something about it."""
        return self.is_in_scope and (
            self.human_replies > 0 or any(closer != NOBODY for _, closer, _ in self.closes)
        )

    @property
    def is_care_closed(self) -> bool:
        """In scope, answered by a person, closed at least once."""
        return self.is_in_scope and self.human_replies > 0 and bool(self.closes)

    @property
    def first_turn(self) -> Turn | None:
        """The turn whose wait is the first reply time."""
        return next((turn for turn in self.turns if turn.is_first), None)

    def assignments(self) -> list[tuple[int, int]]:
        """(instant, agent) of every assignment on record."""
        return [(i.t, i.agent) for i in self.items if i.kind == ASSIGN and i.agent != NOBODY]

    def assigned_before(self, t: int) -> tuple[int, int] | None:
        """The last assignment before an instant."""
        before = [a for a in self.assignments() if a[0] < t]
        return before[-1] if before else None

    def handoffs(self) -> list[tuple[int, int, int]]:
        """(instant, from, to) of every change of the person in charge; the first is none."""
        steps = self.assignments() or [
            (i.t, i.agent) for i in self.items if i.kind == HUMAN and i.agent != NOBODY
        ]
        return [
            (t, before, agent) for (_, before), (t, agent) in pairwise(steps) if agent != before
        ]


def split_thread(items: list[Item], as_of: int) -> list[Segment]:
    """Conversations of one thread from its items in order of time (a message before an event)."""
    segments: list[Segment] = []
    closed_at: int | None = None
    waiting = False
    previous_active: int | None = None
    for item in items:
        is_message = item.kind in (IN, HUMAN, BOT)
        if is_message:
            silent = previous_active is not None and item.t - previous_active >= SILENCE_S
            if not segments:
                starts = True
            elif closed_at is not None:
                starts = item.t - closed_at >= REOPEN_WINDOW_S
            else:
                starts = silent and (item.kind == IN or not waiting)
            if starts:
                if segments:
                    segments[-1].next_opened_at = item.t
                segments.append(Segment(item.t, item.kind == IN))
                closed_at = None
            elif closed_at is not None and item.kind == IN:
                segments[-1].reopened_at.append(item.t)
                closed_at = None
            previous_active = item.t
            if item.kind == IN:
                waiting = True
            elif item.kind == HUMAN:
                waiting = False
        elif not segments:
            continue
        elif item.kind == CLOSE:
            if closed_at is not None:
                continue
            closed_at = item.t
            waiting = False
            last = segments[-1].assignments()
            segments[-1].closes.append((item.t, item.agent, last[-1][1] if last else NOBODY))
        elif item.kind == REOPEN and closed_at is not None:
            if item.t - closed_at >= REOPEN_WINDOW_S:
                continue
            segments[-1].reopened_at.append(item.t)
            closed_at, previous_active = None, item.t
        segments[-1].items.append(item)
    for segment in segments:
        finish(segment, as_of)
    return segments


def finish(segment: Segment, as_of: int) -> None:
    """Turns, end and open spans of a conversation whose items are known."""
    segment.turns = turns_of(segment)
    last_close = segment.closes[-1][0] if segment.closes else None
    segment.is_closed = bool(segment.closes) and len(segment.reopened_at) < len(segment.closes)
    messages = [item for item in segment.items if item.kind in (IN, HUMAN, BOT)]
    waiting = False
    for item in segment.items:
        if item.kind == IN:
            waiting = True
        elif item.kind in (HUMAN, CLOSE):
            waiting = False
    if segment.is_closed:
        segment.ended_at = last_close
    else:
        silent = max([messages[-1].t, *segment.reopened_at[-1:]]) + SILENCE_S
        ends = [] if waiting or silent > as_of else [silent]
        if segment.next_opened_at is not None:
            ends.append(segment.next_opened_at)
        segment.ended_at = min(ends) if ends else None
    starts = [segment.opened_at, *segment.reopened_at]
    ends_of_spans: list[int | None] = [t for t, _, _ in segment.closes]
    if not segment.is_closed:
        ends_of_spans.append(segment.ended_at)
    segment.spans = list(zip(starts, ends_of_spans, strict=True))
    for item in segment.items:
        segment.tags |= item.tags


def turns_of(segment: Segment) -> list[Turn]:
    """Runs of customer messages with no answer of a person and no close between them."""
    turns: list[Turn] = []
    run: list[Item] = []

    def settle(end: Item | None) -> None:
        customer = [item for item in run if item.kind == IN and item.is_customer]
        if customer:
            turns.append(turn_of(run, customer, end))
        run.clear()

    for item in segment.items:
        if item.kind in (HUMAN, CLOSE):
            settle(item)
        elif item.kind in (IN, BOT, HANDOFF):
            run.append(item)
    settle(None)
    able = [turn for turn in turns if turn.is_eligible and not turn.is_bot_contained]
    answered = [turn for turn in able if turn.replied_at is not None]
    for turn in (answered or able)[:1]:
        turn.is_first = True
    return turns


def turn_of(run: list[Item], customer: list[Item], end: Item | None) -> Turn:
    """One turn: its start, what the bot did in it, and the answer or close that ended it."""
    eligible = [item for item in customer if item.is_eligible]
    turn = Turn(
        started_at=(eligible or customer)[0].t,
        is_eligible=bool(eligible),
        is_to_us=any(item.is_to_us for item in eligible),
    )
    after = [item for item in run if item.t >= turn.started_at]
    turn.bot_at = next((item.t for item in after if item.kind == BOT), None)
    turn.handoff_at = next((item.t for item in after if item.kind == HANDOFF), None)
    if end is not None:
        turn.ended_at = end.t
        turn.ended_by_close = end.kind == CLOSE
        if end.kind == HUMAN:
            turn.replied_at, turn.reply_agent = end.t, end.agent
    return turn
