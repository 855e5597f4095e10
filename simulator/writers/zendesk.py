"""Exports of Zendesk: tickets as JSON, the account's CSV, and the lists of its API.

What is written is what a ticket looked like at the export, with all comments and audits until then.
The CSV prints wall times of the account's zone and says nowhere which. Who wrote what is known to
`care`.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from dataclasses import dataclass, field

import numpy as np

from simulator.care import (
    ASSIGNED,
    CLOSED,
    ON_HOLD,
    PENDING,
    PRIORITY,
    REOPENED,
    STATUS,
    TEMPLATE,
    USER_UPDATED,
    Care,
)
from simulator.company import EXPORT_ZONES, ZENDESK, Company, Profile
from simulator.dirt import Dirt
from simulator.surveys import Survey
from simulator.writers.files import Landing, csv_bytes, day_name, gzipped, text_table
from simulator.writers.ids import contact_id, conversation_id, network_message_id
from simulator.zones import DAY, Zone

SYSTEM = "-1"
PRIORITIES = ("urgent", "high", "normal", "low")
STATUSES = {PENDING: "pending", ON_HOLD: "hold"}
FIRST_COMMENT = 21_000_000_000_000
FIRST_AUDIT = 31_000_000_000_000
FIRST_NOTE = 22_000_000_000_000
BRAND = "360001"
# When, in which order, what and which row of it, and what the row says.
Step = tuple[int, int, str, int, tuple[int, ...]]
# Of four monthly files one has bare tickets, the others an envelope around each.
BARE_EVERY = 4
UPDATED_AGAIN_S = 7 * DAY
CSV_HEADER = (
    "ID",
    "Requester",
    "Requester ID",
    "Requester external id",
    "Requester email",
    "Requester domain",
    "Submitter",
    "Assignee",
    "Group",
    "Subject",
    "Tags",
    "Status",
    "Priority",
    "Via",
    "Ticket type",
    "Created at",
    "Updated at",
    "Assigned at",
    "Organization",
    "Due date",
    "Initially assigned at",
    "Solved at",
    "Resolution time",
    "Satisfaction Score",
    "Group stations",
    "Assignee stations",
    "Reopens",
    "Replies",
    "First reply time in minutes",
    "First reply time in minutes within business hours",
    "First resolution time in minutes",
    "First resolution time in minutes within business hours",
    "Full resolution time in minutes",
    "Full resolution time in minutes within business hours",
    "Agent wait time in minutes",
    "Agent wait time in minutes within business hours",
    "Requester wait time in minutes",
    "Requester wait time in minutes within business hours",
    "On hold time in minutes",
    "On hold time in minutes within business hours",
    "Product [list]",
)


def stamp(t: int) -> str:
    """`2025-06-01T13:05:22Z`."""
    return str(np.datetime64(int(t), "s")) + "Z"


@dataclass
class Ticket:
    """A ticket while its story is told; the last of it is what an export shows.

    One that is only counted keeps neither comments nor audits.
    """

    thread: int
    created_at: int
    is_only_counted: bool = False
    updated_at: int = 0
    status: str = "new"
    priority: str | None = None
    assignee: int = -1
    group: str = ""
    tags: list[str] = field(default_factory=list)
    comments: list[dict] = field(default_factory=list)
    audits: list[dict] = field(default_factory=list)
    macros: dict[int, int] = field(default_factory=dict)
    messages: int = 0
    assigned: list[int] = field(default_factory=list)
    solved: list[int] = field(default_factory=list)
    group_stations: int = 0
    reopens: int = 0
    replies: list[int] = field(default_factory=list)
    from_customer: bool = True

    def audit(self, number: int, author: str, t: int, events: list[dict], via: str) -> None:
        """What one actor did at one instant; nothing changed is nothing noted."""
        if not events:
            return
        self.updated_at = t
        if self.is_only_counted:
            return
        self.audits.append(
            {
                "id": number,
                "author_id": author,
                "created_at": stamp(t),
                "via": {"channel": via},
                "events": [{"id": number * 10 + i, **event} for i, event in enumerate(events)],
            }
        )

    def change(self, name: str, value: str | None) -> list[dict]:
        """The change of a field, unless it has this value."""
        before = getattr(self, name)
        if before == value:
            return []
        if name == "status":
            self.reopens += before == "solved"
        setattr(self, name, value)
        return [{"type": "Change", "field_name": name, "value": value, "previous_value": before}]


class Account:
    """The care year as Zendesk holds it."""

    def __init__(self, company: Company, care: Care, ratings: list[Survey]) -> None:
        self.company, self.care = company, care
        self.users = company.accounts(ZENDESK)
        self.zone = Zone(EXPORT_ZONES[ZENDESK])
        self.teams = sorted({team for a in company.agents for _, team in a.teams})
        self.ratings = ratings
        self.rated: dict[int, Survey] = {}
        for rating in ratings:
            self.rated.setdefault(rating.thread, rating)
        self.tag_names = [tag.name.replace(" ", "_") for tag in company.tags]
        self.stories = self._stories()

    def group_id(self, team: str) -> str:
        """The id of a group of agents."""
        return str(4_410_000 + self.teams.index(team))

    def requester(self, thread: int) -> str:
        """The id of whoever the ticket is for."""
        return contact_id(ZENDESK, int(self.care.threads.contact[thread]))

    def _stories(self) -> dict[int, list[Step]]:
        """Everything in each ticket, in order."""
        mine, care = self.care.in_tool(ZENDESK), self.care
        parts = (
            ("message", care.messages, ("out", "agent", "text")),
            ("tags", care.thread_tags, ("tags",)),
            ("event", care.events, ("kind", "agent", "value", "message")),
        )
        stories: dict[int, list[Step]] = {}
        for order, (what, table, names) in enumerate(parts):
            rows = np.flatnonzero(mine[table["thread"]])
            thread, t = (table[name][rows].tolist() for name in ("thread", "t"))
            says = zip(*(table[name][rows].tolist() for name in names), strict=True)
            for number, at, row, said in zip(thread, t, rows.tolist(), says, strict=True):
                stories.setdefault(number, []).append((at, order, what, row, said))
        for story in stories.values():
            story.sort()
        return dict(sorted(stories.items()))

    def tickets(self, since: int, until: int, *, are_only_counted: bool = False) -> list[Ticket]:
        """Tickets that changed in [since, until), as they stood at its end."""
        found = []
        for thread, story in self.stories.items():
            # A story is in order: what comes first at or after `since` decides.
            at = bisect_left(story, (since,))
            if at < len(story) and story[at][0] < until:
                found.append(self.told(thread, story, until, are_only_counted))
        return found

    def told(self, thread: int, story: list[Step], until: int, is_only_counted: bool) -> Ticket:
        """A ticket as it stood at an instant."""
        started_by_us = self.care.messages["out"][story[0][3]]
        ticket = Ticket(thread, story[0][0], is_only_counted, from_customer=not started_by_us)
        for t, _, what, _, said in story:
            if what == "event" and said[0] == TEMPLATE and t < until:
                _, _, macro, message = said
                ticket.macros[message] = macro
        for t, _, what, row, said in story:
            if t >= until:
                break
            if what == "message":
                self._message(ticket, row, t, *said)
            elif what == "tags":
                new = [name for i, name in enumerate(self.tag_names) if said[0] >> i & 1]
                change = {
                    "type": "Change",
                    "field_name": "tags",
                    "value": [*ticket.tags, *new],
                    "previous_value": [*ticket.tags],
                }
                ticket.tags += new
                ticket.audit(FIRST_AUDIT + 3 * row + 1, SYSTEM, t, [change], "rule")
            else:
                self._event(ticket, row, t, *said[:3])
        return ticket

    def _message(self, ticket: Ticket, row: int, t: int, out: bool, agent: int, text: int) -> None:
        author = str(self.users[agent]) if out and agent >= 0 else self.requester(ticket.thread)
        profile = self.company.profiles[int(self.care.threads.profile[ticket.thread])]
        by_mail = profile.network == "email" and not out
        events: list[dict] = [{"type": "Comment", "public": True, "author_id": author}]
        if not ticket.messages:
            events.insert(0, {"type": "Create", "field_name": "status", "value": "new"})
        elif (not out and ticket.status != "new") or (out and ticket.status == "new"):
            events += ticket.change("status", "open")
        if row in ticket.macros:
            events.append(
                {"type": "AgentMacroReference", "macro_id": str(880 + ticket.macros[row])}
            )
        ticket.messages += 1
        if out:
            ticket.replies.append(t)
        if not ticket.is_only_counted:
            mailbox = profile if by_mail else None
            words = self.care.texts.texts[text]
            ticket.comments.append(self._comment(ticket.thread, row, t, author, words, mailbox))
            if out and row % 9 == 0:
                ticket.comments.append(self._note(row, author, t))
        ticket.audit(FIRST_AUDIT + 3 * row, author, t, events, "email" if by_mail else "web")

    def _comment(
        self, thread: int, row: int, t: int, author: str, words: str, mailbox: Profile | None
    ) -> dict:
        """A message as a comment; `mailbox` is the address it was mailed to, if it was."""
        source = {"from": {}, "to": {}, "rel": None}
        if mailbox:
            number = int(self.care.threads.contact[thread])
            source["from"] = {
                "address": f"customer{number}@mail.example",
                "name": f"Customer {number}",
            }
            source["to"] = {"address": mailbox.profile_id, "name": mailbox.name}
        comment = {
            "id": FIRST_COMMENT + row,
            "type": "Comment",
            "author_id": author,
            "public": True,
            "created_at": stamp(t),
            "body": words,
            "plain_body": words,
            "audit_id": FIRST_AUDIT + 3 * row,
            "via": {"channel": "email" if mailbox else "web", "source": source},
        }
        if mailbox:
            native = network_message_id(row)
            comment["metadata"] = {"system": {"message_id": f"<{native}@mail.example>"}}
        return comment

    def _note(self, row: int, author: str, t: int) -> dict:
        """A note among colleagues, which is no message."""
        return {
            "id": FIRST_NOTE + row,
            "type": "Comment",
            "author_id": author,
            "public": False,
            "created_at": stamp(t),
            "body": "Asked the product team, see their board.",
            "audit_id": FIRST_AUDIT + 3 * row,
            "via": {"channel": "web", "source": {"from": {}, "to": {}, "rel": None}},
        }

    def _event(self, ticket: Ticket, row: int, t: int, kind: int, agent: int, value: int) -> None:
        author = str(self.users[agent]) if agent >= 0 else SYSTEM
        changes: list[dict] = []
        if kind in (ASSIGNED, USER_UPDATED) and agent != ticket.assignee:
            changes = self._assignment(ticket, agent, t)
            # The first assignment is a trigger's.
            author = SYSTEM if ticket.assignee < 0 else str(self.users[ticket.assignee])
            ticket.assignee = agent
            if ticket.status == "new":
                changes += ticket.change("status", "open")
        elif kind == CLOSED:
            changes = ticket.change("status", "solved")
            if changes:
                ticket.solved.append(t)
        elif kind == REOPENED and ticket.status == "solved":
            changes = ticket.change("status", "open")
        elif kind == STATUS and value in STATUSES and ticket.status != "solved":
            changes = ticket.change("status", STATUSES[value])
        elif kind == PRIORITY:
            changes = ticket.change("priority", PRIORITIES[value])
        ticket.audit(
            FIRST_AUDIT + 3 * row + 2, author, t, changes, "rule" if author == SYSTEM else "web"
        )

    def _assignment(self, ticket: Ticket, agent: int, t: int) -> list[dict]:
        before = str(self.users[ticket.assignee]) if ticket.assignee >= 0 else None
        changes = [
            {
                "type": "Change",
                "field_name": "assignee_id",
                "value": str(self.users[agent]),
                "previous_value": before,
            }
        ]
        group = self.group_id(self.company.agents[agent].team_at(t))
        if group != ticket.group:
            previous = ticket.group or None
            changes.append(
                {
                    "type": "Change",
                    "field_name": "group_id",
                    "value": group,
                    "previous_value": previous,
                }
            )
            ticket.group = group
            ticket.group_stations += 1
        ticket.assigned.append(t)
        return changes

    def as_json(self, ticket: Ticket, score: str) -> dict:
        """The ticket as its JSON export shows it."""
        profile = self.company.profiles[int(self.care.threads.profile[ticket.thread])]
        by_mail = profile.network == "email"
        requester = self.requester(ticket.thread)
        source = {"from": {}, "to": {"address": profile.profile_id} if by_mail else {}, "rel": None}
        return {
            "id": int(ticket_id(ticket.thread)),
            "created_at": stamp(ticket.created_at),
            "updated_at": stamp(ticket.updated_at),
            "generated_timestamp": ticket.updated_at + 60,
            "status": ticket.status,
            "priority": ticket.priority,
            "requester_id": int(requester),
            "submitter_id": int(requester if ticket.from_customer else self._first_author(ticket)),
            "assignee_id": int(self.users[ticket.assignee]) if ticket.assignee >= 0 else None,
            "group_id": int(ticket.group) if ticket.group else None,
            "brand_id": int(BRAND),
            "tags": ticket.tags,
            "via": {"channel": "email" if by_mail else "web", "source": source},
            "satisfaction_rating": {"score": score},
            "comments": ticket.comments,
            "audits": ticket.audits,
        }

    def _first_author(self, ticket: Ticket) -> str:
        return str(ticket.comments[0]["author_id"])

    def score(self, thread: int, until: int) -> str:
        """The rating of a ticket at an instant."""
        rating = self.rated.get(thread)
        if rating is None or rating.sent_at >= until:
            return "unoffered"
        given = [answer for answer in rating.answers if answer[0] < until]
        return given[-1][1] if given else "offered"


def ticket_id(thread: int) -> str:
    """The number of a ticket."""
    return conversation_id(ZENDESK, thread)


def minutes(seconds: int | None) -> str | None:
    """Whole minutes as text."""
    return None if seconds is None else str(max(seconds, 0) // 60)


def first_reply(ticket: Ticket) -> int | None:
    """Seconds from the creation to the first answer, as the tool counts them."""
    later = [t for t in ticket.replies if t > ticket.created_at]
    return later[0] - ticket.created_at if later else None


def write_tickets(landing: Landing, account: Account, dirt: Dirt) -> None:
    """`tickets` and `tickets_csv`: monthly, what changed, a week of it again."""
    previous = 0
    for number, export in enumerate(account.company.month_exports):
        tickets = account.tickets(previous - UPDATED_AGAIN_S, export)
        previous = export
        day = day_name(export)
        rows = [account.as_json(t, account.score(t.thread, export)) for t in tickets]
        file = f"tickets_{day}.ndjson.gz" if number == 5 else f"tickets_{day}.ndjson"
        if rows and number % 4 == 2:
            rows.append({**rows[0], "id": "4.0E+04"})
            dirt.note(f"{ZENDESK}/tickets", file, "damaged_id")
        if not rows:
            continue
        bare = number % BARE_EVERY == 1
        data = json_lines(rows if bare else [{"ticket": row} for row in rows])
        landing.put(f"{ZENDESK}/tickets", file, gzipped(data) if number == 5 else data, export)
        write_csv(landing, account, tickets, export, number)


def write_metrics(landing: Landing, account: Account) -> None:
    """`ticket_metrics` and `ticket_metric_events`: quarterly, of tickets that changed."""
    previous = 0
    for export in account.company.quarter_exports:
        tickets = account.tickets(previous, export, are_only_counted=True)
        previous = export
        parts = {
            "ticket_metrics": [metric_row(t) for t in tickets],
            "ticket_metric_events": [event for t in tickets for event in metric_events(t)],
        }
        for stream, rows in parts.items():
            name = f"{stream}_{day_name(export)}.json"
            data = json.dumps({stream: rows}, ensure_ascii=False).encode()
            landing.put(f"{ZENDESK}/{stream}", name, data, export)


def json_lines(rows: list[dict]) -> bytes:
    """Rows as JSON, one a line."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    return "".join([encode(row) + "\n" for row in rows]).encode()


def metric_row(ticket: Ticket) -> dict:
    """What the tool counted for a ticket, in minutes; it keeps no opening hours here."""

    def both(seconds: int | None) -> dict:
        text = minutes(seconds)
        return {"calendar": None if text is None else int(text), "business": None}

    solved = ticket.solved
    return {
        "ticket_id": int(ticket_id(ticket.thread)),
        "created_at": stamp(ticket.created_at),
        "updated_at": stamp(ticket.updated_at),
        "assigned_at": stamp(ticket.assigned[-1]) if ticket.assigned else None,
        "initially_assigned_at": stamp(ticket.assigned[0]) if ticket.assigned else None,
        "solved_at": stamp(solved[-1]) if solved and ticket.status == "solved" else None,
        "assignee_stations": len(ticket.assigned),
        "group_stations": ticket.group_stations,
        "reopens": ticket.reopens,
        "replies": len(ticket.replies),
        "reply_time_in_minutes": both(first_reply(ticket)),
        "first_resolution_time_in_minutes": both(solved[0] - ticket.created_at if solved else None),
        "full_resolution_time_in_minutes": both(solved[-1] - ticket.created_at if solved else None),
    }


def metric_events(ticket: Ticket) -> list[dict]:
    """When the tool's clocks started and were met."""
    number = int(ticket_id(ticket.thread))
    marks = [("reply_time", "activate", ticket.created_at)]
    wait = first_reply(ticket)
    if wait is not None:
        marks.append(("reply_time", "fulfill", ticket.created_at + wait))
    marks.append(("requester_wait_time", "activate", ticket.created_at))
    if ticket.solved:
        marks.append(("requester_wait_time", "fulfill", ticket.solved[0]))
    return [
        {
            "id": number * 10 + i,
            "ticket_id": number,
            "metric": metric,
            "instance_id": 1,
            "type": kind,
            "time": stamp(t),
        }
        for i, (metric, kind, t) in enumerate(marks)
    ]


def write_csv(
    landing: Landing, account: Account, tickets: list[Ticket], export: int, number: int
) -> None:
    """The account's CSV: wall times, names instead of ids, the oldest with one column more."""
    agents, zone = account.company.agents, account.zone

    def wall(t: int | None) -> str | None:
        if t is None:
            return None
        return str(np.datetime64(zone.local_at(t), "s")).replace("T", " ")[:16]

    rows = []
    for ticket in tickets:
        thread = ticket.thread
        contact = int(account.care.threads.contact[thread])
        profile = account.company.profiles[int(account.care.threads.profile[thread])]
        solved = ticket.solved if ticket.status == "solved" else []
        worker = agents[ticket.assignee] if ticket.assignee >= 0 else None
        team = account.teams[int(ticket.group) - 4_410_000] if ticket.group else None
        score = account.score(thread, export)
        rows.append(
            {
                "ID": ticket_id(thread),
                "Requester": f"Customer {contact}",
                "Requester ID": account.requester(thread),
                "Requester email": f"customer{contact}@mail.example",
                "Requester domain": "mail.example",
                "Submitter": f"Customer {contact}" if ticket.from_customer else "Lumen Care",
                "Assignee": worker.name if worker else "-",
                "Group": team or "-",
                "Subject": "Question about Lumen",
                "Tags": " ".join(ticket.tags) or "-",
                "Status": ticket.status.capitalize(),
                "Priority": (ticket.priority or "-").capitalize(),
                "Via": "Mail" if profile.network == "email" else "Web Form",
                "Ticket type": "Question",
                "Created at": wall(ticket.created_at),
                "Updated at": wall(ticket.updated_at),
                "Assigned at": wall(ticket.assigned[-1] if ticket.assigned else None),
                "Initially assigned at": wall(ticket.assigned[0] if ticket.assigned else None),
                "Solved at": wall(solved[-1] if solved else None),
                "Resolution time": (
                    str((solved[-1] - ticket.created_at) // 3600) if solved else None
                ),
                "Satisfaction Score": {"unoffered": "Not Offered"}.get(score, score.capitalize()),
                "Group stations": str(ticket.group_stations),
                "Assignee stations": str(len(ticket.assigned)),
                "Reopens": str(ticket.reopens),
                "Replies": str(len(ticket.replies)),
                "First reply time in minutes": minutes(first_reply(ticket)),
                "First resolution time in minutes": minutes(
                    ticket.solved[0] - ticket.created_at if ticket.solved else None
                ),
                "Full resolution time in minutes": minutes(
                    solved[-1] - ticket.created_at if solved else None
                ),
                "Product [list]": "-",
            }
        )
    header = [*(["Summation column"] if number < 3 else []), *CSV_HEADER]
    table = text_table({name: [r.get(name) for r in rows] for name in header}, len(rows))
    name = f"tickets_{day_name(export)}.csv"
    landing.put(f"{ZENDESK}/tickets_csv", name, csv_bytes(table), export)


def write_ratings(landing: Landing, account: Account) -> None:
    """`satisfaction_ratings`: quarterly, offered ones and what was answered or changed since."""
    previous = 0
    for export in account.company.quarter_exports:
        rows = []
        for rating in account.ratings:
            given = [answer for answer in rating.answers if answer[0] < export]
            changed = given[-1][0] if given else rating.sent_at
            if not previous <= changed < export:
                continue
            comment = given[-1][2] if given else ""
            score = given[-1][1] + ("_with_comment" if comment else "") if given else "offered"
            rows.append(
                {
                    "id": int(rating.survey_id),
                    "ticket_id": int(ticket_id(rating.thread)),
                    "score": score,
                    "created_at": stamp(rating.sent_at),
                    "updated_at": stamp(changed),
                    "assignee_id": int(account.users[rating.agent] or 0),
                    "requester_id": int(account.requester(rating.thread)),
                    "comment": comment or None,
                }
            )
        data = json.dumps({"satisfaction_ratings": rows}, ensure_ascii=False).encode()
        name = f"satisfaction_ratings_{day_name(export)}.json"
        landing.put(f"{ZENDESK}/satisfaction_ratings", name, data, export)
        previous = export


def write(
    landing: Landing, company: Company, care: Care, ratings: list[Survey], dirt: Dirt
) -> None:
    """All streams of the tool."""
    account = Account(company, care, ratings)
    write_tickets(landing, account, dirt)
    write_metrics(landing, account)
    write_ratings(landing, account)
