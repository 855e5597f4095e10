"""KPIs of care: messages, turns, conversations, backlog, and the surveys that follow conversations.

Turns the world's messages into items with their flags, splits the threads, and hands facts with
their slices to the cube. Splitting itself is in `conversations`, adding up in `cube`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from simulator.care import (
    ASSIGNED,
    CLOSED,
    HANDOVER,
    MARKED_SPAM,
    REOPENED,
    USER_UPDATED,
    Care,
)
from simulator.company import TOOLS, ZENDESK, Company
from simulator.surveys import RcSurveys, Survey
from simulator.truth.business_time import read_calendars
from simulator.truth.conversations import (
    ASSIGN,
    BOT,
    CLOSE,
    HANDOFF,
    HUMAN,
    IN,
    NOBODY,
    REOPEN,
    Item,
    Segment,
    Turn,
    split_thread,
)
from simulator.truth.cube import Cube, Slices
from simulator.truth.told import ticket_tags_since, told_events, without_team
from simulator.zones import DAY, PERIOD_KINDS, period_end, period_start

UNASSIGNED = "unassigned"
UNTAGGED = "untagged"
EVENT_KINDS = {
    ASSIGNED: ASSIGN,
    USER_UPDATED: ASSIGN,
    CLOSED: CLOSE,
    REOPENED: REOPEN,
    HANDOVER: HANDOFF,
}
SATISFIED_FROM = {"1-5": 4, "1-7": 6, "0-10": 8}
SURVEY_MATURE_S = 7 * DAY


@dataclass
class Flags:
    """What the definitions say about each message, by position."""

    is_own: np.ndarray
    is_spam: np.ndarray
    is_eligible: np.ndarray
    is_to_us: np.ndarray
    is_love: np.ndarray


class CareTruth:
    """The care year seen through the definitions."""

    def __init__(self, company: Company, care: Care) -> None:
        self.company, self.care = company, care
        self.events = told_events(company, care)
        self._is_ticket = care.in_tool(ZENDESK)
        self._nameless = np.array(sorted(without_team(company, care)), dtype=np.int64)
        self.kinds = {
            kind: sum(1 << i for i, tag in enumerate(company.tags) if tag.kind == kind)
            for kind in {tag.kind for tag in company.tags}
        }
        self.flags = self._flags()
        self.threads = self._split()
        self.segments = [
            (thread, segment)
            for thread, segments in sorted(self.threads.items())
            for segment in segments
        ]
        self._values = {
            kind: [(1 << i, tag.value) for i, tag in enumerate(company.tags) if tag.kind == kind]
            for kind in ("product", "topic")
        }

    def _flags(self) -> Flags:
        company, care = self.company, self.care
        m = care.messages
        profile = care.threads.profile[m["thread"]]
        private = care.threads.is_private[m["thread"]]
        listens = np.array([p.listens for p in company.profiles])[profile]
        active = np.array([p.is_active for p in company.profiles])[profile]
        inbound = ~m["out"]

        def tagged(kind: str) -> np.ndarray:
            return (m["tags"] & self.kinds[kind]) != 0

        marked = np.zeros(len(inbound), dtype=bool)
        spam_events = self.events["message"][self.events["kind"] == MARKED_SPAM]
        marked[spam_events[spam_events >= 0]] = True
        is_spam = tagged("spam") | marked
        is_repost = care.texts.is_repost[m["text"]] & ~m["removed"]
        to_own = np.zeros(len(inbound), dtype=bool)
        with_parent = m["parent"] >= 0
        parents = m["parent"][with_parent]
        to_own[with_parent] = m["out"][parents] | m["own"][parents]
        asks = care.texts.asks[m["text"]] & ~m["removed"]
        needs = ~tagged("no_response_needed") & (tagged("needs_response") | private | asks)
        good = inbound & ~m["own"] & ~is_spam & ~is_repost
        positive = m["has_sentiment"] & (m["sentiment"] > 0)
        insider = tagged("employee") | tagged("giveaway")
        return Flags(
            is_own=m["own"] | m["out"],
            is_spam=is_spam,
            is_eligible=good & ~m["hidden"] & active & needs,
            is_to_us=~(listens & ~private & ~to_own),
            is_love=good & positive & tagged("brand_love") & ~insider,
        )

    def _split(self) -> dict[int, list[Segment]]:
        """Items of every thread in order (a message before an event of the same instant), split."""
        m, e, f = self.care.messages, self.events, self.flags
        wanted = np.flatnonzero(np.isin(e["kind"], list(EVENT_KINDS)))
        n = len(m["t"])
        thread = np.concatenate([m["thread"], e["thread"][wanted]])
        t = np.concatenate([m["t"], e["t"][wanted]])
        is_event = np.arange(len(t)) >= n
        order = np.lexsort((np.arange(len(t)), is_event, t, thread))
        kind = np.where(m["out"], np.where(m["bot"], BOT, HUMAN), IN).tolist()
        agent = self.as_known(m["agent"], m["thread"]).tolist()
        columns = zip(
            m["t"].tolist(),
            kind,
            agent,
            (~m["own"]).tolist(),
            f.is_eligible.tolist(),
            f.is_to_us.tolist(),
            f.is_spam.tolist(),
            m["tags"].tolist(),
            strict=True,
        )
        items = [Item(*row) for row in columns]
        items += [
            Item(at, EVENT_KINDS[k], who)
            for at, k, who in zip(
                e["t"][wanted].tolist(),
                e["kind"][wanted].tolist(),
                self.as_known(e["agent"], e["thread"])[wanted].tolist(),
                strict=True,
            )
        ]
        as_of = self.company.as_of
        threads: dict[int, list[Item]] = {}
        for position, number in zip(order.tolist(), thread[order].tolist(), strict=True):
            threads.setdefault(number, []).append(items[position])
        split = {number: split_thread(rows, as_of) for number, rows in threads.items()}
        self._tag_threads(split)
        return split

    def _tag_threads(self, split: dict[int, list[Segment]]) -> None:
        """Tags of a thread belong to the conversation in force when they were set."""
        told = self.care.thread_tags
        since = ticket_tags_since(self.care)
        for number, t, tags in zip(
            told["thread"].tolist(), since.tolist(), told["tags"].tolist(), strict=True
        ):
            segment = in_force(split.get(number, []), t)
            if segment is not None:
                segment.tags |= tags

    def as_known(self, agent: np.ndarray, thread: np.ndarray) -> np.ndarray:
        """Agents as the tool of the thread knows them: some have a number there and no team."""
        nameless = self._is_ticket[thread] & np.isin(agent, self._nameless)
        return np.where(nameless, agent + len(self.company.agents), agent)

    def network(self, thread: int) -> str:
        """Network of a thread."""
        return self.company.profiles[int(self.care.threads.profile[thread])].network

    def values(self, kind: str, tags: int, thread: int) -> list[str]:
        """Products or topics of a tag set; without a product the profile's, else `untagged`."""
        found = [value for bit, value in self._values[kind] if tags & bit]
        if found:
            return found
        profile = self.company.profiles[int(self.care.threads.profile[thread])]
        return [(profile.product if kind == "product" else "") or UNTAGGED]

    def slice_thing(self, slices: Slices, row: int, thread: int, tags: int) -> None:
        """Network, product and topic of a message, turn or conversation."""
        slices.put(row, "network", self.network(thread))
        for kind in ("product", "topic"):
            for value in self.values(kind, tags, thread):
                slices.put(row, kind, value)

    def team(self, agent: int, t: int) -> str:
        """Team of an agent at an instant."""
        known = 0 <= agent < len(self.company.agents)
        return self.company.agents[agent].team_at(t) if known else UNASSIGNED

    def turn_team(self, segment: Segment, turn: Turn) -> str:
        """Team of who answered; unanswered, of who was asked last."""
        if turn.replied_at is not None:
            return self.team(turn.reply_agent, turn.replied_at)
        return self.last_assigned_team(segment)

    def last_assigned_team(self, segment: Segment) -> str:
        """Team of the last assignment, as of then."""
        assignments = segment.assignments()
        return self.team(assignments[-1][1], assignments[-1][0]) if assignments else UNASSIGNED

    def opened_team(self, segment: Segment) -> str:
        """Team of a conversation in figures dated by its opening."""
        turn = segment.first_turn
        return self.turn_team(segment, turn) if turn else self.last_assigned_team(segment)

    def closed_team(self, segment: Segment) -> str:
        """Team in figures dated by a close: who was in charge at the last one, else who closed."""
        if not segment.closes:
            return UNASSIGNED
        t, closer, assigned = segment.closes[-1]
        return self.team(assigned if assigned != NOBODY else closer, t)

    def message_kpis(self, cube: Cube) -> None:
        """K01, K48 and K50."""
        m, f = self.care.messages, self.flags
        rows = np.flatnonzero(~m["out"] & ~f.is_spam & ~f.is_own)
        slices = Slices(len(rows))
        for i, row in enumerate(rows.tolist()):
            self.slice_thing(slices, i, int(m["thread"][row]), int(m["tags"][row]))
        day = self.company.zone.day(m["t"][rows])
        cube.count("K01", day, slices, np.ones(len(rows), dtype=bool))
        before = len(cube.cells)
        cube.count("K48", day, slices, f.is_love[rows])
        love = {
            (start, *key): count
            for kind, start, _, *key, count, _, _, _ in cube.cells[before:]
            if kind == "quarter"
        }
        self.love_growth(cube, love)

    def love_growth(self, cube: Cube, love: dict[tuple[int, str, str], int]) -> None:
        """K50: against the quarter before; none after some is -100 %."""
        today = int(self.company.zone.day(np.array([self.company.as_of]))[0])
        for (start, *key), previous in love.items():
            after = period_end(start, "quarter") + 1
            if after > today:
                continue
            count = love.get((after, *key), 0)
            growth = count / previous - 1
            cube.put("quarter", after, "K50", tuple(key), growth, count, previous, previous)

    def turn_kpis(self, cube: Cube) -> None:
        """K03 to K08, K12 and K13."""
        company = self.company
        calendars = read_calendars(company.seeds_dir)
        turns = [
            (thread, segment, turn)
            for thread, segment in self.segments
            if segment.is_in_scope
            for turn in segment.turns
            if turn.is_eligible and turn.is_to_us
        ]
        slices = Slices(len(turns))
        n = len(turns)
        wait = np.full(n, np.nan)
        business = np.full(n, np.nan)
        for i, (thread, segment, turn) in enumerate(turns):
            self.slice_thing(slices, i, thread, segment.tags)
            slices.put(i, "team", self.turn_team(segment, turn))
            if turn.wait_s is not None:
                wait[i] = turn.wait_s
                if turn.is_first:
                    profile = company.profiles[int(self.care.threads.profile[thread])]
                    business[i] = calendars[profile.calendar_id].seconds_between(
                        turn.clock_started_at, turn.replied_at
                    )
        day = company.zone.day(np.array([turn.started_at for *_, turn in turns], dtype=np.int64))
        clock = np.array([turn.clock_started_at for *_, turn in turns], dtype=np.int64)
        first = np.array([turn.is_first for *_, turn in turns], dtype=bool)
        contained = np.array([turn.is_bot_contained for *_, turn in turns], dtype=bool)
        replied = ~np.isnan(wait)
        age = company.as_of - clock
        hours = wait / 3600
        everything = np.ones(n, dtype=bool)
        answered_first = first & replied
        cube.count("K03", day, slices, everything)
        cube.ratio("K04", day, slices, answered_first, hours)
        cube.quantile("K05", day, slices, answered_first, hours)
        cube.quantile("K05_p90", day, slices, answered_first, hours, 0.9)
        cube.ratio("K06", day, slices, answered_first, business / 3600)
        for kpi, target in (("K07", 14_400), ("K08", 3_600)):
            decided = first & (replied | (age > target))
            met = np.where(replied, wait <= target, False)
            cube.ratio(kpi, day, slices, decided, met.astype(np.int64))
        answered = replied & ~contained
        cube.ratio("K12", day, slices, answered, hours)
        cube.quantile("K12_median", day, slices, answered, hours)
        for kpi, least in (("K13", DAY), ("K13_72h", 3 * DAY)):
            cube.ratio(kpi, day, slices, ~contained & (age > least), replied.astype(np.int64))

    def conversation_kpis(self, cube: Cube) -> None:
        """K20, K24, K26, K27, K28 and K30."""
        company = self.company
        scope = [(thread, segment) for thread, segment in self.segments if segment.is_in_scope]
        n = len(scope)
        opened_slices, closed_slices = Slices(n), Slices(n)
        for i, (thread, segment) in enumerate(scope):
            for slices in (opened_slices, closed_slices):
                self.slice_thing(slices, i, thread, segment.tags)
            opened_slices.put(i, "team", self.opened_team(segment))
            closed_slices.put(i, "team", self.closed_team(segment))

        def day(instants: list[int | None]) -> np.ndarray:
            return company.zone.day(np.array([t or 0 for t in instants], dtype=np.int64))

        opened = day([s.opened_at for _, s in scope])
        handled = np.array([s.is_handled for _, s in scope], dtype=bool)
        closed = np.array([s.is_closed for _, s in scope], dtype=bool)
        care_closed = np.array([s.is_care_closed for _, s in scope], dtype=bool)
        handoffs = [s.handoffs() for _, s in scope]
        crossed = [
            sum(self.team(old, t) != self.team(new, t) for t, old, new in changes)
            for changes in handoffs
        ]
        cube.count("K20", opened, opened_slices, np.ones(n, dtype=bool))
        cube.ratio("K28", opened, opened_slices, handled, closed.astype(np.int64))
        cube.ratio("K30", opened, opened_slices, handled, np.array([len(c) for c in handoffs]))
        cross = np.array(crossed, dtype=np.int64)
        cube.ratio("K30_cross_team", opened, opened_slices, handled, (cross > 0).astype(np.int64))

        first_close = [s.first_closed_at for _, s in scope]
        has_first_close = care_closed & np.array([t is not None for t in first_close], dtype=bool)
        last_close = [s.closes[-1][0] if s.closes else None for _, s in scope]
        inbound = [s.first_inbound_at for _, s in scope]

        def hours(ends: list[int | None]) -> np.ndarray:
            return np.array(
                [
                    np.nan if end is None else (end - start) / 3600
                    for end, start in zip(ends, inbound, strict=True)
                ]
            )

        first_day, last_day = day(first_close), day(last_close)
        cube.quantile("K24", first_day, closed_slices, has_first_close, hours(first_close))
        cube.ratio("K24_mean", first_day, closed_slices, has_first_close, hours(first_close))
        final = care_closed & closed
        cube.quantile("K24_final", last_day, closed_slices, final, hours(last_close))
        cube.ratio("K24_final_mean", last_day, closed_slices, final, hours(last_close))
        once = np.array([s.human_replies == 1 for _, s in scope], dtype=np.int64)
        cube.ratio("K27", last_day, closed_slices, final, once)
        aged = final & np.array(
            [t is not None and t + 7 * DAY <= company.as_of for t in last_close], dtype=bool
        )
        clean = (cross == 0) & np.array([not s.reopened_at for _, s in scope], dtype=bool)
        resolved = clean & ~self.repeated(scope, last_close)
        cube.ratio("K26", last_day, closed_slices, aged, resolved.astype(np.int64))

    def repeated(
        self, scope: list[tuple[int, Segment]], last_close: list[int | None]
    ) -> np.ndarray:
        """Whether the contact came back on the same topic within seven days of the last close."""
        threads = self.care.threads
        by_contact: dict[tuple[bool, int], list[int]] = {}
        for i, (thread, _) in enumerate(scope):
            key = (bool(threads.is_archive[thread]), int(threads.contact[thread]))
            by_contact.setdefault(key, []).append(i)
        topics = [set(self.values("topic", s.tags, thread)) for thread, s in scope]
        result = np.zeros(len(scope), dtype=bool)
        for rows in by_contact.values():
            for i in rows:
                closed_at = last_close[i]
                if closed_at is None:
                    continue
                result[i] = any(
                    j != i
                    and closed_at < scope[j][1].opened_at <= closed_at + 7 * DAY
                    and topics[i] & topics[j]
                    for j in rows
                )
        return result

    def backlog_kpis(self, cube: Cube) -> None:
        """K15 and K21 at the end of the last completed day of each period."""
        company = self.company
        scope = [(thread, segment) for thread, segment in self.segments if segment.is_in_scope]
        far = 2**62
        spans = [
            (start, far if end is None else end, i)
            for i, (_, segment) in enumerate(scope)
            for start, end in segment.spans
        ]
        starts, ends, owners = (
            np.array(column, dtype=np.int64) for column in zip(*spans, strict=True)
        )
        today = int(company.zone.day(np.array([company.as_of]))[0])
        for kind in PERIOD_KINDS:
            days = np.arange(company.first_day, today)
            for start in np.unique(period_start(days, kind)).tolist():
                last = min(period_end(start, kind), today - 1)
                midnight = company.zone.midnight(last + 1)
                rows = owners[(starts < midnight) & (ends >= midnight)]
                self._backlog_of(cube, kind, start, midnight, scope, rows.tolist())

    def _backlog_of(
        self,
        cube: Cube,
        kind: str,
        start: int,
        midnight: int,
        scope: list[tuple[int, Segment]],
        rows: list[int],
    ) -> None:
        waits: dict[tuple[str, str], list[float]] = {}
        counts: dict[tuple[str, str], int] = {}
        for row in rows:
            thread, segment = scope[row]
            assigned = segment.assigned_before(midnight)
            keys = [("overall", "all"), ("network", self.network(thread))]
            keys += [
                (slice_kind, value)
                for slice_kind in ("product", "topic")
                for value in self.values(slice_kind, segment.tags, thread)
            ]
            keys.append(("team", self.team(assigned[1], assigned[0]) if assigned else UNASSIGNED))
            turn = segment.first_turn
            waiting = (
                turn is not None
                and turn.clock_started_at < midnight
                and (turn.replied_at is None or turn.replied_at >= midnight)
            )
            for key in keys:
                counts[key] = counts.get(key, 0) + 1
                if waiting:
                    waits.setdefault(key, []).append((midnight - turn.clock_started_at) / 3600)
        for key, n in counts.items():
            cube.put(kind, start, "K21", key, n, n, None, n)
        for key, hours in waits.items():
            cube.put(kind, start, "K15", key, len(hours), len(hours), None, len(hours))
            cube.put(kind, start, "K15_max", key, max(hours), None, None, len(hours))
            cube.put(
                kind, start, "K15_median", key, float(np.median(hours)), None, None, len(hours)
            )

    def survey_kpis(
        self, cube: Cube, rc: RcSurveys, surveys: list[Survey], agents: np.ndarray
    ) -> None:
        """K43 and K44 over both survey tools."""
        asked: list[Survey] = list(surveys)
        by_episode: dict[int, list[tuple[int, str, str]]] = {}
        for episode, t, grade in zip(
            *(rc.answers[name].tolist() for name in ("episode", "responded_at", "grade")),
            strict=True,
        ):
            by_episode.setdefault(episode, []).append((t, str(grade), ""))
        for episode in np.flatnonzero(rc.sent_at >= 0).tolist():
            thread = int(self.care.episodes["thread"][episode])
            asked.append(
                Survey(
                    "",
                    "csat",
                    "1-5",
                    int(rc.sent_at[episode]),
                    by_episode.get(episode, []),
                    self.network(thread),
                    thread,
                    NOBODY,
                    int(agents[episode]),
                )
            )
        n = len(asked)
        slices = Slices(n)
        satisfied = np.zeros(n, dtype=np.int64)
        responded = np.zeros(n, dtype=np.int64)
        for i, survey in enumerate(asked):
            self._slice_survey(slices, i, survey)
            if survey.answers:
                responded[i], score, _ = max(survey.answers, key=lambda answer: answer[0])
                satisfied[i] = is_satisfied(survey.scale, score)
        sent = np.array([s.sent_at for s in asked], dtype=np.int64)
        csat = np.array([s.kind == "csat" for s in asked], dtype=bool)
        zone = self.company.zone
        answered = responded > 0
        cube.ratio("K43", zone.day(responded), slices, csat & answered, satisfied, least=10)
        mature = self.company.as_of - sent >= SURVEY_MATURE_S
        cube.ratio("K44", zone.day(sent), slices, mature, answered.astype(np.int64))

    def _slice_survey(self, slices: Slices, row: int, survey: Survey) -> None:
        segment = None
        if survey.knows_thread and survey.thread >= 0:
            segment = in_force(self.threads.get(survey.thread, []), survey.sent_at)
        if segment is None:
            slices.put(row, "network", survey.network)
            slices.put(row, "product", UNTAGGED)
            slices.put(row, "topic", UNTAGGED)
        else:
            self.slice_thing(slices, row, survey.thread, segment.tags)
        if survey.agent != NOBODY:
            asked = np.array([survey.agent])
            thread = np.array([max(survey.thread, 0) % len(self.care.threads)])
            team = self.team(int(self.as_known(asked, thread)[0]), survey.sent_at)
        else:
            team = self.closed_team(segment) if segment else UNASSIGNED
        slices.put(row, "team", team)

    def write_conversations(self, path: Path) -> None:
        """One row a conversation, for looking into a difference."""
        from simulator.writers.ids import conversation_ids

        numbers = np.array([thread for thread, _ in self.segments], dtype=np.int64)
        tools = self.care.threads.tool[numbers]
        spelled = [conversation_ids(source, numbers).to_pylist() for source in TOOLS]
        names = [spelled[tool][i] for i, tool in enumerate(tools.tolist())]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(
                [
                    "thread_id",
                    "is_archive",
                    "network",
                    "opened_at",
                    "in_scope",
                    "handled",
                    "status",
                    "first_inbound_at",
                    "clock_started_at",
                    "first_replied_at",
                    "wait_s",
                    "turns",
                    "human_replies",
                    "closes",
                    "reopens",
                    "handoffs",
                    "first_closed_at",
                    "last_closed_at",
                    "ended_at",
                    "products",
                    "topics",
                    "opened_team",
                    "closed_team",
                ]
            )
            for name, (thread, s) in zip(names, self.segments, strict=True):
                turn = s.first_turn
                writer.writerow(
                    [
                        name,
                        bool(self.care.threads.is_archive[thread]),
                        self.network(thread),
                        _stamp(s.opened_at),
                        s.is_in_scope,
                        s.is_handled,
                        "closed" if s.is_closed else "open" if s.ended_at is None else "ended",
                        _stamp(s.first_inbound_at),
                        _stamp(turn.clock_started_at if turn else None),
                        _stamp(turn.replied_at if turn else None),
                        turn.wait_s if turn and turn.wait_s is not None else "",
                        len(s.turns),
                        s.human_replies,
                        len(s.closes),
                        len(s.reopened_at),
                        len(s.handoffs()),
                        _stamp(s.first_closed_at),
                        _stamp(s.closes[-1][0] if s.closes else None),
                        _stamp(s.ended_at),
                        "|".join(self.values("product", s.tags, thread)),
                        "|".join(self.values("topic", s.tags, thread)),
                        self.opened_team(s),
                        self.closed_team(s),
                    ]
                )


def is_satisfied(scale: str, score: str) -> bool:
    """Good, yes, at least 4 of 5 or 6 of 7."""
    if scale in SATISFIED_FROM:
        return int(score) >= SATISFIED_FROM[scale]
    return score in ("good", "yes")


def in_force(segments: list[Segment], t: int) -> Segment | None:
    """The conversation of a thread at an instant: the last that had begun."""
    begun = [segment for segment in segments if segment.opened_at <= t]
    return begun[-1] if begun else None


def _stamp(t: int | None) -> str:
    return "" if t is None else str(np.datetime64(t, "s"))
