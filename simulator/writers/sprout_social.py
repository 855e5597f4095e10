"""Exports of Sprout Social, as a client of its API saves them.

Messages as pages of the API and later line by line, cases as snapshots of what changed, metadata
in which deleted tags and leavers are missing. What a case is at a time is known to `cases`.
"""

from __future__ import annotations

import json

import numpy as np

from simulator.care import LIKED, ON_HOLD, Care
from simulator.cases import Case, snapshots
from simulator.company import SPROUT, Company
from simulator.dirt import Dirt
from simulator.writers.files import Landing, day_name, gzipped
from simulator.writers.ids import (
    conversation_id,
    conversation_ids,
    network_contact_ids,
    network_message_ids,
    prefixed,
)
from simulator.zones import DAY, epoch

NETWORKS = {"x": "TWITTER", "linkedin": "LINKEDIN", "tiktok": "TIKTOK", "threads": "THREADS"}
KINDS = {
    "x": ("t:", "TWEET"),
    "linkedin": ("lcc:", "LINKEDIN_COMPANY_COMMENT"),
    "tiktok": ("ttc:", "TIKTOK_VIDEO_COMMENT"),
    "threads": ("thr:", "THREADS_REPLY"),
}
PRIVATE = ("d:", "TWITTER_DIRECT_MESSAGE")
PEOPLE = {"x": "twu:", "linkedin": "liu:", "tiktok": "ttu:", "threads": "thu:"}
NETWORK_TYPES = {"x": "twitter", "linkedin": "linkedin_company"}
PRIORITY_WORDS = dict(
    zip(range(-1, 4), ("UNDEFINED", "CRITICAL", "HIGH", "MEDIUM", "LOW"), strict=True)
)
SENTIMENTS = ("negative", "neutral", "positive")
PERSON = "urn:spt:core:account_login:"
RULE = "urn:spt:core:automated_rule:7001"

# Until this export the client saved the API's own pages, from then on a message a line.
LINES_FROM = "2025-07-01"
# Messages are asked for again for a week: what is done with them comes later.
PULLED_AGAIN_S = 7 * DAY
# A tag that was deleted, and missing from then on.
TAG_DELETED_ON = "2025-09-01"


def stamp(t: int) -> str:
    """`2025-06-01T13:05:22Z`."""
    return str(np.datetime64(int(t), "s")) + "Z"


def lines(rows: list[dict]) -> bytes:
    """Rows as JSON, one a line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


class Workspace:
    """The care year as Sprout holds it: its own profiles, and those another tool answers on."""

    def __init__(self, company: Company, care: Care) -> None:
        self.company, self.care = company, care
        threads, m = care.threads, care.messages
        mirrors = company.mirrors
        own = care.in_tool(SPROUT)
        self.profile = np.where(own, threads.profile, mirrors[threads.profile])
        seen = (own | threads.is_mirrored) & ~threads.is_archive
        self.rows = np.flatnonzero(seen[m["thread"]])
        self.has_case = own
        self.users = company.accounts(SPROUT)
        thread = m["thread"][self.rows]
        self.place = np.full(len(m["t"]), -1, dtype=np.int64)
        self.place[self.rows] = np.arange(len(self.rows))
        self.networks = [company.profiles[p].network for p in self.profile[thread].tolist()]
        private = threads.is_private[thread]
        heads = [
            PRIVATE[0] if secret else KINDS[network][0]
            for network, secret in zip(self.networks, private.tolist(), strict=True)
        ]
        words, inverse = np.unique(np.array(heads or [""]), return_inverse=True)
        ids = network_message_ids(self.rows)
        self.guids = prefixed([str(w) for w in words], inverse, ids).to_pylist() if len(ids) else []
        self.contacts = network_contact_ids(threads.contact[thread]).to_pylist()
        self.cases = conversation_ids(SPROUT, np.where(own[thread], thread, -1)).to_pylist()
        self.actions = self._actions()

    def tag_ids(self, tags: int) -> list[int]:
        """Ids of a set of tags."""
        return [88_000 + i for i in range(len(self.company.tags)) if tags >> i & 1]

    def _actions(self) -> dict[int, list[tuple[str, int, int]]]:
        """(action, t, agent) of the first like of, and the first reply to, a customer's message."""
        m, e = self.care.messages, self.care.events
        found: dict[int, list[tuple[str, int, int]]] = {}
        liked = np.flatnonzero((e["kind"] == LIKED) & self.has_case[e["thread"]])
        for row in liked.tolist():
            entry = ("first_like", int(e["t"][row]), int(e["agent"][row]))
            found.setdefault(int(e["message"][row]), []).append(entry)
        replies = self.rows[m["out"][self.rows] & (m["parent"][self.rows] >= 0)]
        for row in replies.tolist():
            parent, agent = int(m["parent"][row]), int(m["agent"][row])
            known = [name for name, _, _ in found.get(parent, [])]
            if agent >= 0 and self.has_case[m["thread"][row]] and "first_reply" not in known:
                found.setdefault(parent, []).append(("first_reply", int(m["t"][row]), agent))
        return found

    def message(self, row: int, export: int) -> dict:
        """One message as the API returns it at the time of an export."""
        m, company = self.care.messages, self.company
        i = int(self.place[row])
        thread, t = int(m["thread"][row]), int(m["t"][row])
        profile = company.profiles[int(self.profile[thread])]
        network = self.networks[i]
        home = f"{PEOPLE[network]}own{profile.profile_id}"
        out = bool(m["out"][row])
        secret = bool(self.care.threads.is_private[thread])
        internal: dict = {"tags": [{"id": tag} for tag in self.tag_ids(int(m["tags"][row]))]}
        if not self.has_case[thread]:
            internal["tags"] = []
        agent = int(m["agent"][row])
        if out and agent >= 0 and self.has_case[thread]:
            internal["sent_by"] = {
                "id": int(self.users[agent] or 0),
                "email": f"agent{agent}@lumenworks.example",
            }
        result = {
            "guid": self.guids[i],
            "network": NETWORKS[network],
            "post_type": PRIVATE[1] if secret else KINDS[network][1],
            "created_time": stamp(t),
            "from": {
                "guid": home if out else PEOPLE[network] + self.contacts[i],
                "name": profile.name if out else f"Customer {self.contacts[i]}",
            },
            "profile_guid": home,
            "customer_profile_id": int(profile.profile_id),
            "text": self.care.texts.texts[int(m["text"][row])],
            "perma_link": f"https://network.example/{self.guids[i].partition(':')[2]}",
            "internal": internal,
            "language_code": "en",
        }
        if self.cases[i]:
            result["case_id"] = self.cases[i]
        if m["has_sentiment"][row]:
            result["sentiment"] = SENTIMENTS[int(m["sentiment"][row]) + 1]
        done = {
            name: {
                "actor": PERSON + str(self.users[who]),
                "timestamp": stamp(at),
                "time_elapsed": at - t,
            }
            for name, at, who in self.actions.get(row, [])
            if at < export
        }
        if done:
            result["activity_metadata"] = done
        return result

    def case(self, case: Case) -> dict:
        """One case as a snapshot shows it."""
        m = self.care.messages
        status = (
            "ON_HOLD" if case.status == ON_HOLD else ("OPEN", "IN_PROGRESS")[case.assignee >= 0]
        )
        assigned = PERSON + str(self.users[case.assignee]) if case.assignee >= 0 else None
        return {
            "case_id": conversation_id(SPROUT, case.thread),
            "type": ("SUPPORT", "QUESTION", "general")[case.thread % 3],
            "priority": PRIORITY_WORDS[case.priority],
            "status": "CLOSED" if case.is_closed else status,
            "messages": [
                {
                    "guid": self.guids[int(self.place[row])],
                    "msg_created_date": stamp(m["t"][row]),
                    "case_message_direction": "SENT" if m["out"][row] else "RECEIVED",
                    "is_anchor": number == 0,
                }
                for number, row in enumerate(case.messages)
            ],
            "created_by": RULE,
            "assigned_to": [assigned] if assigned else [],
            "assigned_by": assigned,
            "created_time": stamp(case.created_at),
            "updated_time": stamp(case.updated_at),
            "last_closed_time": stamp(case.last_closed_at) if case.last_closed_at >= 0 else None,
            "queue_id": None,
            "tags": [
                {"tag_id": tag, "updated_by": RULE, "updated_time": stamp(t)}
                for bit, t in case.tags
                for tag in self.tag_ids(bit)
            ],
        }


def write_messages(landing: Landing, box: Workspace, dirt: Dirt) -> None:
    """`messages`: monthly, a week of them again; first as pages, then line by line."""
    t = box.care.messages["t"][box.rows]
    stream = f"{SPROUT}/messages"
    previous = 0
    for number, export in enumerate(box.company.month_exports):
        at = box.rows[(t >= previous - PULLED_AGAIN_S) & (t < export)]
        rows = [box.message(row, export) for row in at.tolist()]
        previous = export
        name = f"messages_{day_name(export)}"
        if export < epoch(LINES_FROM):
            data = json.dumps({"data": rows, "paging": {}}, ensure_ascii=False).encode()
            landing.put(stream, f"{name}.json", data, export)
            continue
        compressed = number % 4 == 0
        file = f"{name}.ndjson.gz" if compressed else f"{name}.ndjson"
        if rows and number % 3 == 0:
            broken = rows[len(rows) // 2] | {"guid": f"t:77{export}"}
            rows.append(broken | {"created_time": "2031-05-01T10:00:00Z"})
            dirt.note(stream, file, "future")
        elif rows and number % 3 == 1:
            broken = rows[len(rows) // 2] | {"guid": f"t:78{export}"}
            rows.append(broken | {"created_time": "2025-02-30T10:00:00Z"})
            dirt.note(stream, file, "impossible_date")
        if not rows:
            continue
        data = lines(rows)
        landing.put(stream, file, gzipped(data) if compressed else data, export)


def write_cases(landing: Landing, box: Workspace) -> None:
    """`cases`: what changed since the snapshot before; nothing changed, nothing written."""
    for export, cases in snapshots(box.company, box.care):
        if cases:
            data = lines([box.case(case) for case in cases])
            landing.put(f"{SPROUT}/cases", f"cases_{day_name(export)}.ndjson", data, export)


def write_metadata(landing: Landing, box: Workspace, published_on: list[dict]) -> None:
    """`metadata`: complete, quarterly; a deleted tag and people who left are missing.

    `published_on` has the rows of profiles that the tool reports numbers of.
    """
    company = box.company
    named = {row["customer_profile_id"] for row in published_on}
    for export in company.quarter_exports:
        rows: list[dict] = [
            {
                "kind": "customer_profile",
                "customer_profile_id": int(p.profile_id),
                "network_type": NETWORK_TYPES.get(p.network, p.network),
                "name": p.name,
                "native_id": f"own{p.profile_id}",
            }
            for p in company.profiles
            if p.source == SPROUT and int(p.profile_id) not in named
        ]
        rows += published_on
        rows += [
            {
                "kind": "tag",
                "tag_id": 88_000 + i,
                "text": tag.name.capitalize(),
                "type": "CAMPAIGN" if tag.kind == "product" else "LABEL",
                "active": True,
            }
            for i, tag in enumerate(company.tags)
            if tag.name != "course certificate" or export < epoch(TAG_DELETED_ON)
        ]
        rows += [
            {
                "kind": "user",
                "id": int(a.accounts[SPROUT]),
                "name": a.name,
                "email": f"agent{i}@lumenworks.example",
                "role": a.role,
                "team": a.team_at(export),
            }
            for i, a in enumerate(company.agents)
            if SPROUT in a.accounts and a.starts < export <= a.leaves
        ]
        landing.put(
            f"{SPROUT}/metadata", f"metadata_{day_name(export)}.ndjson", lines(rows), export
        )


def write(
    landing: Landing, company: Company, care: Care, published_on: list[dict], dirt: Dirt
) -> None:
    """The inbox of the tool and its metadata."""
    box = Workspace(company, care)
    write_messages(landing, box, dirt)
    write_cases(landing, box)
    write_metadata(landing, box, published_on)
