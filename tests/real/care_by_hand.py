"""Threads, conversations, turns and first replies of the support messages, counted with loops.

The written definitions belong here, followed a second time: no SQL, no data frame and no code of
the product. Two ways that share nothing agree only where both are right, or both read a definition
wrongly in the same way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.real.by_hand import records

SOURCE = "customer_support_on_twitter"
FILE = f"{SOURCE}/tweets/twcs_part1.csv"

SILENCE = timedelta(hours=72)


@dataclass(frozen=True)
class Message:
    """A support message: a customer's (inbound) or a brand's."""

    id: str
    author: str
    inbound: bool
    sent_at: datetime
    text: str
    answers: str | None

    @property
    def place(self) -> tuple[datetime, int, str]:
        """Place in the order of a thread: ids decide within one second, the shorter is older."""
        return self.sent_at, len(self.id), self.id

    @property
    def is_eligible(self) -> bool:
        """Whether an answer is expected: a question or a mention that is nobody else's words."""
        wants_answer = "?" in self.text or "@" in self.text
        return self.inbound and wants_answer and not self.text.startswith("RT @")


@dataclass(frozen=True)
class Archive:
    """The file of support messages.

    Attributes:
        records: how many records the file has below its header.
        messages: the whole ones.
        damaged: place in the file (from 1) and cells of those with cells missing.
    """

    records: int
    messages: tuple[Message, ...]
    damaged: dict[int, dict[str, str]]


@dataclass(frozen=True)
class Turn:
    """What a customer said in a row, and the message that ended the wait, if one did."""

    first_message: Message
    reply: Message | None
    customer_messages: int
    started_at: datetime
    is_eligible: bool
    initiated_by: str
    is_in_scope: bool
    is_first: bool

    @property
    def wait_s(self) -> int | None:
        """Seconds on the clock from the start to the reply."""
        if self.reply is None:
            return None
        return int((self.reply.sent_at - self.started_at).total_seconds())


def read_archive(path: Path) -> Archive:
    """Read the support messages, keeping records with cells missing apart."""
    messages, damaged, place = [], {}, 0
    for place, record in enumerate(records(path), start=1):
        if "in_response_to_tweet_id" not in record:
            damaged[place] = record
            continue
        answers = record["in_response_to_tweet_id"].removesuffix(".0")
        sent_at = datetime.strptime(record["created_at"], "%a %b %d %H:%M:%S %z %Y")
        messages.append(
            Message(
                id=record["tweet_id"],
                author=record["author_id"],
                inbound=record["inbound"] == "True",
                sent_at=sent_at.astimezone(UTC).replace(tzinfo=None),
                text=record["text"],
                answers=answers or None,
            )
        )
    return Archive(place, tuple(messages), damaged)


def threads(messages: Iterable[Message]) -> list[list[Message]]:
    """Threads, each in order: a chain of replies from its root, with one contact.

    The contact of a customer's message is its author. That of a brand's message is the contact of
    the message it answers; where that is not in the file, the one contact who answers it, if it is
    one.
    """
    in_order = sorted(messages, key=lambda message: message.place)
    by_id = {message.id: message for message in in_order}
    parents, answering = {}, defaultdict(set)
    for message in in_order:
        parent = by_id.get(message.answers)
        if parent is not None and parent.place < message.place:
            parents[message.id] = parent
            if message.inbound and not parent.inbound:
                answering[parent.id].add(message.author)

    roots: dict[str, str] = {}
    contacts: dict[str, str | None] = {}
    found = defaultdict(list)
    for message in in_order:
        parent = parents.get(message.id)
        roots[message.id] = message.id if parent is None else roots[parent.id]
        if message.inbound:
            contact = message.author
        elif parent is not None:
            contact = contacts[parent.id]
        else:
            candidates = answering[message.id]
            contact = next(iter(candidates)) if len(candidates) == 1 else None
        contacts[message.id] = contact
        found[roots[message.id], contact].append(message)
    return list(found.values())


def conversations(thread: list[Message]) -> Iterator[list[Message]]:
    """Cut a thread where it was silent for 72 hours.

    A brand that answers a waiting customer late answers that customer: the silence before it cuts
    nothing.
    """
    current: list[Message] = []
    for message in thread:
        if current:
            is_silent = message.sent_at - current[-1].sent_at >= SILENCE
            is_customer_waiting = current[-1].inbound
            if is_silent and (message.inbound or not is_customer_waiting):
                yield current
                current = []
        current.append(message)
    yield current


def turns(conversation: list[Message]) -> list[Turn]:
    """The turns of a conversation in order, the one that counts as first marked."""
    by_customer = conversation[0].inbound
    has_eligible = any(message.is_eligible for message in conversation)
    found, waiting = [], []

    def end_turn(reply: Message | None) -> None:
        if not waiting:
            return
        eligible = [message for message in waiting if message.is_eligible]
        found.append(
            Turn(
                first_message=waiting[0],
                reply=reply,
                customer_messages=len(waiting),
                started_at=(eligible or waiting)[0].sent_at,
                is_eligible=bool(eligible),
                initiated_by="customer" if by_customer else "brand",
                is_in_scope=by_customer and has_eligible and bool(eligible),
                is_first=False,
            )
        )
        waiting.clear()

    for message in conversation:
        if message.inbound:
            waiting.append(message)
        else:
            end_turn(message)
    end_turn(None)

    eligible = [place for place, turn in enumerate(found) if turn.is_eligible]
    replied = [place for place in eligible if found[place].reply is not None]
    for place in (replied or eligible)[:1]:
        found[place] = replace(found[place], is_first=True)
    return found


def all_turns(messages: Iterable[Message]) -> list[Turn]:
    """Every turn of every conversation of every thread."""
    return [
        turn
        for thread in threads(messages)
        for conversation in conversations(thread)
        for turn in turns(conversation)
    ]
