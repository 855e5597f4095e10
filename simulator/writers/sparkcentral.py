"""Exports of the Sparkcentral inbox.

Six kinds of CSV with its file names, wall times in a zone that no file tells. A conversation is
exported when it is resolved for the first time, with what is known at the time of the export, and
in every snapshot at which it is open. Who wrote what is known to `care`.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import numpy as np
import pyarrow as pa

from simulator.care import (
    ASSIGNED,
    CLOSED,
    HANDOVER,
    ON_HOLD,
    OPEN,
    PENDING,
    PRIORITIES,
    PRIORITY,
    REOPENED,
    STATUS,
    TEMPLATES,
    USER_UPDATED,
    Care,
)
from simulator.company import EXPORT_ZONES, SPARK, Company
from simulator.dirt import Dirt
from simulator.writers.files import Landing, csv_bytes, flags, pick, text_table
from simulator.writers.ids import conversation_ids, network_contact_ids, network_message_ids
from simulator.zones import DAY, Zone

ORGANISATION = "lumen7"
MEDIA = {"messenger": "Facebook Messenger", "instagram": "Instagram"}
STATUS_WORDS = {OPEN: "New", PENDING: "Pending", ON_HOLD: "On hold"}
SENTIMENTS = ("Negative", "Neutral", "Positive")
# Some conversations are looked at again under a tag of its own, taken off after a day.
REVIEW_TAG = "In review"
CONVERSATION_COLUMNS = (
    "Conversation ID",
    "Medium",
    "Channel",
    "Channel Display Name",
    "Contact Profile ID",
    "Contact Primary Identifier",
    "Contact Secondary Identifier",
    "Created at",
    "Last Status Change Agent ID",
    "Resolved at",
    "First Assigned at",
    "Priority",
    "Topic",
    "Tags",
    "Team",
    "Status",
    "Bot Started at",
    "Bot Handed Over at",
)


@dataclass
class Conversation:
    """A conversation as it stands at an export; -1 is absent."""

    thread: int
    created_at: int
    first_out_at: int = -1
    assigned_at: int = -1
    resolved_at: int = -1
    resolver: int = -1
    is_open: bool = True
    status: int = OPEN
    priority: int = -1
    holder: int = -1
    bot_at: int = -1
    handed_at: int = -1


class Organisation:
    """The care year as the tool holds it."""

    def __init__(self, company: Company, care: Care) -> None:
        self.company, self.care = company, care
        self.zone = Zone(EXPORT_ZONES[SPARK])
        self.users = company.accounts(SPARK)
        self.channels = [p.profile_id for p in company.profiles]
        self.names = [p.name for p in company.profiles]
        self.media = [MEDIA.get(p.network, p.network) for p in company.profiles]
        self.mine = care.in_tool(SPARK)
        self.rows = np.flatnonzero(self.mine[care.messages["thread"]])
        self.tags = self._tags()
        self.tagged: dict[int, list[tuple[int, int]]] = {}
        columns = (self.tags[name].tolist() for name in ("thread", "t", "bit"))
        for thread, t, bit in zip(*columns, strict=True):
            self.tagged.setdefault(thread, []).append((t, bit))
        self.stories = self._stories()

    def wall(self, t: np.ndarray) -> pa.Array:
        """Wall times to the second, without a zone; negative is empty."""
        t = np.asarray(t, dtype=np.int64)
        local = np.where(t < 0, 0, self.zone.local(np.maximum(t, 0)))
        words = [word.replace("T", " ") for word in local.astype("datetime64[s]").astype(str)]
        return pa.array(words, pa.string(), mask=t < 0)

    def stamp(self, t: int) -> str:
        """`31012025190000`, as file names have it."""
        local = int(self.zone.local(np.array([t]))[0])
        text = str(np.datetime64(local, "s"))
        return text[8:10] + text[5:7] + text[:4] + text[11:].replace(":", "")

    def put(
        self,
        landing: Landing,
        stream: str,
        kind: str,
        since: int | None,
        until: int,
        table: pa.Table,
    ) -> None:
        """Write a file under the tool's name: organisation, kind, window, a random number."""
        rng = np.random.default_rng([self.company.seed, until, len(kind)])
        number = UUID(bytes=rng.bytes(16))
        window = [] if since is None else [self.stamp(since)]
        parts = [ORGANISATION, kind, *window, self.stamp(until), str(number)]
        name = "".join(f"[{part}]" for part in parts) + ".csv"
        landing.put(f"{SPARK}/{stream}", name, csv_bytes(table), until)

    def _tags(self) -> dict[str, np.ndarray]:
        """Taggings (thread, bit, t) in order of time."""
        told = self.care.thread_tags
        found = [
            (int(told["t"][i]), int(told["thread"][i]), bit)
            for i in np.flatnonzero(self.mine[told["thread"]]).tolist()
            for bit in range(len(self.company.tags))
            if int(told["tags"][i]) >> bit & 1
        ]
        columns = np.array(sorted(found), dtype=np.int64).reshape(len(found), 3)
        return {"t": columns[:, 0], "thread": columns[:, 1], "bit": columns[:, 2]}

    def _stories(self) -> dict[int, list[tuple[int, int, int]]]:
        """(t, kind or -1 for a message, row) of each conversation, in order."""
        m, e = self.care.messages, self.care.events
        rows: dict[int, list[tuple[int, int, int]]] = {}
        for i in self.rows.tolist():
            rows.setdefault(int(m["thread"][i]), []).append((int(m["t"][i]), -1, i))
        for i in np.flatnonzero(self.mine[e["thread"]]).tolist():
            entry = (int(e["t"][i]), int(e["kind"][i]), i)
            rows.setdefault(int(e["thread"][i]), []).append(entry)
        for story in rows.values():
            story.sort(key=lambda step: (step[0], step[1] >= 0, step[2]))
        return dict(sorted(rows.items()))

    def standing(self, until: int) -> list[tuple[Conversation, int]]:
        """Conversations begun before an instant, each with its first resolution (-1 for none)."""
        found = []
        for thread, story in self.stories.items():
            if story[0][0] < until:
                found.append(self._at(thread, story, until))
        return found

    def _at(
        self, thread: int, story: list[tuple[int, int, int]], until: int
    ) -> tuple[Conversation, int]:
        m, e = self.care.messages, self.care.events
        now = Conversation(thread, story[0][0])
        first_resolved = -1
        for t, kind, row in story:
            if t >= until:
                break
            if kind < 0:
                if not m["out"][row]:
                    now.is_open, now.status = True, OPEN
                elif m["bot"][row]:
                    now.bot_at = t if now.bot_at < 0 else now.bot_at
                elif now.first_out_at < 0:
                    now.first_out_at = t
            elif kind in (ASSIGNED, USER_UPDATED):
                now.holder = int(e["agent"][row])
                now.assigned_at = t if now.assigned_at < 0 else now.assigned_at
            elif kind == CLOSED:
                now.is_open, now.resolver = False, int(e["agent"][row])
                first_resolved = t if first_resolved < 0 else first_resolved
            elif kind == REOPENED:
                now.is_open = True
            elif kind == STATUS:
                now.status = int(e["value"][row])
            elif kind == PRIORITY:
                now.priority = int(e["value"][row])
            elif kind == HANDOVER:
                now.handed_at = t
        return now, first_resolved

    def topic(self, thread: int) -> str | None:
        """The topic a conversation began with."""
        started = self.stories[thread][0][0]
        kinds = [self.company.tags[bit] for t, bit in self.tagged.get(thread, []) if t == started]
        return next((tag.name.capitalize() for tag in kinds if tag.kind == "topic"), None)

    def table(self, shown: list[Conversation], resolved_at: list[int], until: int) -> pa.Table:
        """Rows of conversations, with the columns of both exports."""
        threads = self.care.threads
        thread = np.array([c.thread for c in shown], dtype=np.int64)
        profile = threads.profile[thread]
        contact = network_contact_ids(threads.contact[thread])
        holders = [c.holder for c in shown]
        # Since 2024 the column means the first message out, before that the creation.
        late = until >= 1_735_689_600 + 200 * DAY
        created = [c.first_out_at if late else c.created_at for c in shown]

        def column(name: str) -> np.ndarray:
            return np.array([getattr(c, name) for c in shown], dtype=np.int64)

        names = [tag.name.capitalize() for tag in self.company.tags]
        tags = [
            ",".join(names[bit] for t, bit in self.tagged.get(c.thread, []) if t < until) or None
            for c in shown
        ]
        columns = {
            "Conversation ID": conversation_ids(SPARK, thread),
            "Medium": pick(self.media, profile),
            "Channel": pick(self.channels, profile),
            "Channel Display Name": pick(self.names, profile),
            "Contact Profile ID": contact,
            "Contact Primary Identifier": contact,
            "Contact Secondary Identifier": None,
            "Created at": self.wall(np.array(created, dtype=np.int64)),
            "Last Status Change Agent ID": pick(self.users, column("resolver")),
            "Resolved at": self.wall(np.array(resolved_at, dtype=np.int64)),
            "First Assigned at": self.wall(column("assigned_at")),
            "Priority": pick([word.capitalize() for word in PRIORITIES], column("priority")),
            "Topic": [self.topic(c.thread) for c in shown],
            "Tags": tags,
            "Team": [
                self.company.agents[holder].team_at(until) if holder >= 0 else None
                for holder in holders
            ],
            "Status": [STATUS_WORDS[c.status] if c.is_open else "Resolved" for c in shown],
            "Bot Started at": self.wall(column("bot_at")),
            "Bot Handed Over at": self.wall(column("handed_at")),
        }
        return text_table({name: columns[name] for name in CONVERSATION_COLUMNS}, len(shown))


def write_conversations(landing: Landing, box: Organisation) -> None:
    """`resolved_conversations` by first resolution, `open_conversations` as they stand; monthly."""
    previous = box.company.month_exports[0] - 31 * DAY
    for export in box.company.month_exports:
        standing = box.standing(export)
        done = [(c, t) for c, t in standing if previous <= t < export]
        table = box.table([c for c, _ in done], [t for _, t in done], export)
        box.put(landing, "resolved_conversations", "resolved-conversation", previous, export, table)
        waiting = [c for c, _ in standing if c.is_open]
        table = box.table(waiting, [-1] * len(waiting), export)
        box.put(landing, "open_conversations", "open-conversation", None, export, table)
        previous = export


def write_messages(landing: Landing, box: Organisation, dirt: Dirt) -> None:
    """`messages`: monthly, a day of them again."""
    care = box.care
    t = care.messages["t"][box.rows]
    previous = box.company.month_exports[0] - 31 * DAY
    for number, export in enumerate(box.company.month_exports):
        at = box.rows[(t >= previous - DAY) & (t < export)]
        m = {name: values[at] for name, values in care.messages.items()}
        thread = m["thread"]
        profile = care.threads.profile[thread]
        inbound = ~m["out"]
        human = m["out"] & ~m["bot"]
        contact = np.where(inbound, care.threads.contact[thread], -1)
        mood = np.where(m["has_sentiment"], m["sentiment"] + 1, -1)
        native = network_message_ids(at)
        table = text_table(
            {
                "Message ID": native,
                "Conversation ID": conversation_ids(SPARK, thread),
                "Network Message ID": native,
                "Medium": pick(box.media, profile),
                "Channel": pick(box.channels, profile),
                "Channel Display Name": pick(box.names, profile),
                "Direction": pick(["Inbound", "Outbound"], m["out"].astype(int)),
                "Sent at": box.wall(m["t"]),
                "Agent ID": pick(box.users, np.where(human, m["agent"], -1)),
                "Is Automated": flags(m["bot"], "true", "false"),
                "Contact Profile ID": network_contact_ids(contact),
                "Content": pick(care.texts.texts, m["text"]),
                "In Reply To": network_message_ids(m["parent"]),
                "Is Private": flags(care.threads.is_private[thread], "true", "false"),
                "Template ID": pick(TEMPLATES, m["template"]),
                "Sentiment": pick(SENTIMENTS, mood),
            },
            len(at),
        )
        stream = f"{SPARK}/messages"
        if number % 4 == 3 and len(at):
            broken = {"Message ID": "1.8E+18", "Network Message ID": "1.8E+18"}
            table = dirt.broken(table, stream, "", [("damaged_id", broken)])
        box.put(landing, "messages", "message", previous, export, table)
        dirt.named(stream, landing.files[-1].rpartition("/")[2])
        previous = export


def write_response_times(landing: Landing, box: Organisation) -> None:
    """`response_times`: quarterly, the first answer of each conversation as the tool times it."""
    m = box.care.messages
    first: list[tuple[int, int, int]] = []
    for story in box.stories.values():
        asked = next((t for t, kind, row in story if kind < 0 and not m["out"][row]), None)
        for t, kind, row in story:
            if kind < 0 and m["out"][row] and not m["bot"][row]:
                if asked is not None and t >= asked:
                    first.append((t, row, t - asked))
                break
    first.sort()
    previous = box.company.month_exports[0] - 31 * DAY
    for export in box.company.quarter_exports:
        mine = [entry for entry in first if previous <= entry[0] < export]
        rows = np.array([row for _, row, _ in mine], dtype=np.int64)
        waits = [str(wait) for _, _, wait in mine]
        table = text_table(
            {
                "Conversation ID": conversation_ids(SPARK, m["thread"][rows]),
                "Message ID": network_message_ids(rows),
                "Response Time (s)": waits,
                "Business Response Time (s)": None,
                "Agent ID": pick(box.users, m["agent"][rows]),
                "Replied at": box.wall(m["t"][rows]),
            },
            len(rows),
        )
        box.put(landing, "response_times", "response-times", previous, export, table)
        previous = export


def write_tags(landing: Landing, box: Organisation) -> None:
    """`tags`: monthly, when tagged; a tag for reviews is taken off again."""
    names = [tag.name.capitalize() for tag in box.company.tags]
    previous = box.company.month_exports[0] - 31 * DAY
    for export in box.company.month_exports:
        at = np.flatnonzero((box.tags["t"] >= previous) & (box.tags["t"] < export))
        under_review = at[::9]
        bit = np.concatenate([box.tags["bit"][at], np.full(len(under_review), len(names))])
        thread = np.concatenate([box.tags["thread"][at], box.tags["thread"][under_review]])
        t = np.concatenate([box.tags["t"][at], box.tags["t"][under_review]])
        removed = np.where(bit == len(names), t + DAY, -1)
        table = text_table(
            {
                "Tag": pick([*names, REVIEW_TAG], bit),
                "Conversation ID": conversation_ids(SPARK, thread),
                "Tagged at": box.wall(t),
                "Agent ID": None,
                "Removed at": box.wall(np.where(removed < export, removed, -1)),
            },
            len(t),
        )
        box.put(landing, "tags", "tag", previous, export, table)
        previous = export


def write_users(landing: Landing, box: Organisation) -> None:
    """`users`: complete, quarterly; who left is missing."""
    for export in box.company.quarter_exports:
        here = [
            (i, a)
            for i, a in enumerate(box.company.agents)
            if SPARK in a.accounts and a.starts < export <= a.leaves
        ]
        table = text_table(
            {
                "User ID": [a.accounts[SPARK] for _, a in here],
                "Name": [a.name for _, a in here],
                "Email": [f"agent{i}@lumenworks.example" for i, _ in here],
                "Team": [a.team_at(export) for _, a in here],
                "Role": [a.role for _, a in here],
                "Active": "true",
            },
            len(here),
        )
        box.put(landing, "users", "user", None, export, table)


def write(landing: Landing, company: Company, care: Care, dirt: Dirt) -> None:
    """All streams of the tool."""
    box = Organisation(company, care)
    write_conversations(landing, box)
    write_messages(landing, box, dirt)
    write_response_times(landing, box)
    write_tags(landing, box)
    write_users(landing, box)
