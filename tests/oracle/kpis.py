"""The KPIs of care again: facts added up by period and slice in plain loops.

Takes what `care` works out and what the small fact tables say, and gives one cell a KPI, period and
slice. Targets, statuses and reasons for a missing value are not checked here.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.oracle.care import UNASSIGNED, Company, Conversation, Turn, members, seconds

Slice = tuple[str, str]
Cell = tuple[str, date, str, str, str]

MATURE = timedelta(days=7)
PERIOD_KINDS = ("week", "month", "quarter")


@dataclass(frozen=True)
class Value:
    """One cell of the scorecard."""

    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    n: int | None = None


@dataclass
class Fact:
    """Something counted on a day in some slices."""

    day: date
    slices: set[Slice]
    what: Any


@dataclass
class Scorecard:
    """All cells."""

    cells: dict[Cell, Value] = field(default_factory=dict)

    def count(self, at: tuple, kpi: str, number: float, n: int | None = None) -> None:
        """A number of things."""
        self.put(at, kpi, Value(number, number, None, number if n is None else n))

    def ratio(self, at: tuple, kpi: str, top: float, bottom: float, n: int | None = None) -> None:
        """A sum over a sum; nothing over nothing says nothing."""
        value = top / bottom if bottom else None
        self.put(at, kpi, Value(value, top, bottom, bottom if n is None else n))

    def of_rows(self, at: tuple, kpi: str, value: float | None, n: int) -> None:
        """A value that comes from the rows: a median, a maximum."""
        self.put(at, kpi, Value(value, None, None, n))

    def put(self, at: tuple, kpi: str, value: Value) -> None:
        """A cell; `at` is (period kind, period start, slice kind, slice value)."""
        kind, start, slice_kind, slice_value = at
        self.cells[kind, start, kpi, slice_kind, slice_value] = value


def period_start(day: date, kind: str) -> date:
    """The first day of a week (from Monday), month or quarter."""
    if kind == "week":
        return day - timedelta(days=day.weekday())
    if kind == "month":
        return day.replace(day=1)
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def period_end(start: date, kind: str) -> date:
    """The last day of a period."""
    if kind == "week":
        return start + timedelta(days=6)
    months = 1 if kind == "month" else 3
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, 1) - timedelta(days=1)


def year_before(start: date, kind: str) -> date:
    """The same period a year earlier: 52 weeks, or the same month or quarter."""
    return start - timedelta(weeks=52) if kind == "week" else start.replace(year=start.year - 1)


def quantile(values: Sequence[float], share: float) -> float | None:
    """Interpolated between the two nearest ranks."""
    if not values:
        return None
    ranked = sorted(values)
    place = share * (len(ranked) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ranked) - 1)
    return ranked[low] + (ranked[high] - ranked[low]) * (place - low)


def hours(values: Iterable[float]) -> list[float]:
    """Seconds as hours."""
    return [value / 3600 for value in values]


def grouped(facts: Iterable[Fact]) -> Iterator[tuple[tuple, list[Any]]]:
    """((period kind, start, slice kind, slice value), what counts there)."""
    groups: dict[tuple, list[Any]] = defaultdict(list)
    for fact in facts:
        for kind in PERIOD_KINDS:
            start = period_start(fact.day, kind)
            for each in fact.slices:
                groups[(kind, start, *each)].append(fact.what)
    yield from groups.items()


class CareKpis:
    """Adds a company up."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.tables = company.tables
        self.as_of = company.as_of
        self.today = company.day(company.as_of)
        self.card = Scorecard()
        self.names = {
            row["agent_key"]: row["agent_name"]
            for row in self.tables["dim_agent"]
            if row["is_current"]
        }
        self.in_scope = [each for each in company.conversations if each.is_in_scope]
        self.message_tags: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
        for row in self.tables["int_message_tags"]:
            tag = (row["tag"], row["tag_kind"], row["tag_value"])
            self.message_tags[row["message_key"]].add(tag)

    def all(self) -> dict[Cell, Value]:
        """Every cell."""
        for part in (
            self.messages,
            self.growth,
            self.turns,
            self.conversations,
            self.closes,
            self.backlog,
        ):
            part()
        return self.card.cells

    # Slices

    def agent(self, agent: str | None) -> Slice:
        """The slice of a person."""
        return "agent", self.names.get(agent, UNASSIGNED)

    def tag_slices(self, tags: set[tuple[str, str, str]], profile_key: str) -> set[Slice]:
        """Product, topic, both together, and every tag by its name."""
        profile = self.company.profiles[profile_key]
        products, topics = (members(tags, kind, profile) for kind in ("product", "topic"))
        return (
            {("product", value) for value in products}
            | {("topic", value) for value in topics}
            | {("product_topic", f"{p} × {t}") for p in products for t in topics}
            | {("tag", tag) for tag, _, _ in tags}
        )

    def message_slices(self, row: Mapping[str, Any]) -> set[Slice]:
        """Slices of a message."""
        is_vip = self.company.is_vip(row["contact_key"], row["sent_at"])
        return {
            ("overall", "all"),
            ("network", row["network"]),
            ("message_type", row["message_type"]),
            ("visibility", "private" if row["is_private"] else "public"),
            ("directedness", row["directedness"]),
            ("profile", self.company.profiles[row["profile_key"]]["profile_name"]),
            ("vip", "vip" if is_vip else "other"),
        } | self.tag_slices(self.message_tags[row["message_key"]], row["profile_key"])

    def conversation_slices(self, each: Conversation) -> set[Slice]:
        """Slices of a conversation."""
        opening = each.opening.row
        is_vip = self.company.is_vip(each.contact, each.opened_at)
        return {
            ("overall", "all"),
            ("network", opening["network"]),
            ("message_type", opening["message_type"]),
            ("visibility", "private" if opening["is_private"] else "public"),
            ("profile", self.company.profiles[opening["profile_key"]]["profile_name"]),
            ("vip", "vip" if is_vip else "other"),
            ("priority", self.company.priority(each, each.opened_at)),
        } | self.tag_slices(self.company.tags[each.key], opening["profile_key"])

    def turn_slices(self, each: Conversation, turn: Turn) -> set[Slice]:
        """Slices of a turn: its conversation's, but for what its own first message says."""
        first = turn.customer[0].row
        agent, team = self.company.answers(each, turn)
        own = {
            ("message_type", first["message_type"]),
            ("visibility", "private" if first["is_private"] else "public"),
            (
                "vip",
                "vip" if self.company.is_vip(first["contact_key"], turn.started_at) else "other",
            ),
            ("priority", self.company.priority(each, turn.started_at)),
            ("team", team),
            self.agent(agent),
        }
        kinds = {kind for kind, _ in own}
        return own | {s for s in self.conversation_slices(each) if s[0] not in kinds}

    # Families

    def messages(self) -> None:
        """K01, K02, K14, K47, K48."""
        actioned = {row["message_key"] for row in self.company.message_rows() if row["is_actioned"]}
        facts = [
            Fact(self.company.day(row["sent_at"]), self.message_slices(row), row)
            for row in self.tables["fct_messages"]
            if row["direction"] == "in" and not row["is_spam"] and not row["is_own"]
        ]
        for at, rows in grouped(facts):
            put, n = self.card, len(rows)
            about = sum(row["directedness"] == "about_us" for row in rows)
            tags = [self.message_tags[row["message_key"]] for row in rows]
            put.count(at, "K01", n)
            put.count(at, "K01_to_us", n - about)
            put.count(at, "K01_about_us", about)
            put.ratio(at, "K02", about, n)
            put.ratio(at, "K14", sum(row["message_key"] in actioned for row in rows), n)
            served = sum(any(kind == "service" for _, kind, _ in each) for each in tags)
            put.ratio(at, "K47", served, n)
            put.ratio(at, "K47_untagged", sum(not each for each in tags), n)
            put.count(at, "K48", sum(row["is_brand_love"] for row in rows))

    def turns(self) -> None:
        """K03 to K13, K17, K19, K42."""
        company = self.company
        facts = []
        for each, turn in company.turns:
            if turn.eligible and turn.is_to_us and each.is_in_scope:
                day = company.day(turn.started_at)
                facts.append(Fact(day, self.turn_slices(each, turn), (each, turn)))
        for at, rows in grouped(facts):
            self._turns_at(at, rows)

    def _turns_at(self, at: tuple, rows: list[tuple[Conversation, Turn]]) -> None:
        put = self.card
        put.count(at, "K03", len(rows))
        firsts = [(each, turn) for each, turn in rows if turn is each.first_turn]
        self._speed(at, firsts, "K04")
        replied = [self.wait(turn) for _, turn in firsts if turn.reply]
        put.of_rows(at, "K05", quantile(hours(replied), 0.5), len(replied))
        put.of_rows(at, "K05_p90", quantile(hours(replied), 0.9), len(replied))
        business = [
            self.company.business_seconds(
                each.opening.row["profile_key"], turn.clock_started_at, turn.reply.at
            )
            for each, turn in firsts
            if turn.reply
        ]
        put.ratio(at, "K06", sum(hours(business)), len(business))
        self._within(at, firsts, "K07", 4 * 3600)
        self._within(at, firsts, "K08", 3600)
        self._speed(
            at,
            [row for row in firsts if "technical" in self.company.values(row[0], "topic")],
            "K09",
        )
        if at[2] in ("overall", "network"):
            self._speed(at, firsts, "K10")
        waits = [self.wait(turn) for _, turn in rows if turn.reply]
        put.ratio(at, "K12", sum(hours(waits)), len(waits))
        put.of_rows(at, "K12_median", quantile(hours(waits), 0.5), len(waits))
        self._answered(at, rows, "K13", 86_400)
        self._answered(at, rows, "K13_72h", 3 * 86_400)
        outside = [
            row
            for row in firsts
            if not self.company.is_open(row[0].opening.row["profile_key"], row[1].clock_started_at)
        ]
        put.ratio(at, "K17", len(outside), len(firsts))
        self._speed(at, outside, "K17_frt")
        vips = [
            (each, turn)
            for each, turn in rows
            if self.company.is_vip(turn.customer[0].row["contact_key"], turn.started_at)
        ]
        self._speed(at, [row for row in vips if row[1] is row[0].first_turn], "K19_frt")
        self._answered(at, vips, "K19_response_rate", 86_400)
        ruled = [
            (self.company.visibility_policy(each), turn.reply.row)
            for each, turn in rows
            if turn.reply and self.company.visibility_policy(each)
        ]
        kept = sum(
            policy == ("private" if row["is_private"] or row["redirect_kind"] == "dm" else "public")
            for policy, row in ruled
        )
        put.ratio(at, "K42", kept, len(ruled))

    def wait(self, turn: Turn) -> int:
        """Seconds an answer took."""
        return seconds(turn.clock_started_at, turn.reply.at)

    def _speed(self, at: tuple, firsts: list[tuple[Conversation, Turn]], kpi: str) -> None:
        waits = [self.wait(turn) for _, turn in firsts if turn.reply]
        self.card.ratio(at, kpi, sum(hours(waits)), len(waits))

    def _within(
        self, at: tuple, firsts: list[tuple[Conversation, Turn]], kpi: str, limit_s: int
    ) -> None:
        """Younger unanswered ones are undecided."""
        decided = [
            turn
            for _, turn in firsts
            if turn.reply or seconds(turn.clock_started_at, self.as_of) > limit_s
        ]
        kept = sum(turn.reply is not None and self.wait(turn) <= limit_s for turn in decided)
        self.card.ratio(at, kpi, kept, len(decided))

    def _answered(
        self, at: tuple, rows: list[tuple[Conversation, Turn]], kpi: str, age_s: int
    ) -> None:
        old = [
            turn
            for _, turn in rows
            if not turn.is_bot_contained and seconds(turn.clock_started_at, self.as_of) > age_s
        ]
        self.card.ratio(at, kpi, sum(turn.reply is not None for turn in old), len(old))

    def conversations(self) -> None:
        """What is dated by the day a conversation was opened."""
        company = self.company
        facts = []
        for each in self.in_scope:
            agent, team = company.answers(each, each.first_turn)
            slices = self.conversation_slices(each) | {("team", team), self.agent(agent)}
            facts.append(Fact(company.day(each.opened_at), slices, each))
        for at, rows in grouped(facts):
            put = self.card
            put.count(at, "K20", len(rows))
            handled = [each for each in rows if each.is_handled]
            resolved = [each for each in handled if each.is_closed]
            handoffs = [company.handoffs(each) for each in handled]
            put.ratio(at, "K28", len(resolved), len(handled))
            inside = [each for each in resolved if not self.is_redirected(each)]
            put.ratio(at, "K29", len(inside), len(resolved))
            put.ratio(at, "K30", sum(map(len, handoffs)), len(handled))
            crossed = [sum(crosses for _, _, crosses in each) for each in handoffs]
            put.ratio(at, "K30_cross_team", sum(map(bool, crossed)), len(handled))
            people = [len({item.agent for item in each.stations}) for each in handled]
            put.ratio(at, "K31", sum(people), sum(map(bool, people)))
            put.ratio(at, "K32", sum(crossed), len(handled))
            assign = [
                max(0, seconds(each.first_inbound_at, item.at)) / 60
                for each in rows
                for item in [i for i in each.assignments if i.agent][:1]
            ]
            put.of_rows(at, "K33", quantile(assign, 0.5), len(assign))
            put.ratio(at, "K33_mean", sum(assign), len(assign))

    def is_redirected(self, each: Conversation) -> bool:
        """The last human word sends the customer elsewhere."""
        humans = each.of("human")
        return bool(humans) and humans[-1].row["redirect_kind"] in ("portal", "phone", "email")

    def closes(self) -> None:
        """What is dated by the first or the last close."""
        company = self.company
        repeated = company.repeated()
        by_first, by_last = [], []
        for each in self.in_scope:
            if not each.is_care_closed:
                continue
            agent, team = company.closing(each)
            slices = self.conversation_slices(each) | {("team", team), self.agent(agent)}
            by_first.append(Fact(company.day(each.closes[0].at), slices, each))
            if each.is_closed:
                by_last.append(Fact(company.day(each.closes[-1].at), slices, each))
        put = self.card
        for at, rows in grouped(by_first):
            took = hours(seconds(each.first_inbound_at, each.closes[0].at) for each in rows)
            put.of_rows(at, "K24", quantile(took, 0.5), len(took))
            put.ratio(at, "K24_mean", sum(took), len(took))
            old = [each for each in rows if each.closes[0].at + MATURE <= self.as_of]
            put.ratio(at, "K25", sum(bool(each.reopenings) for each in old), len(old))
        for at, rows in grouped(by_last):
            took = hours(seconds(each.first_inbound_at, each.closes[-1].at) for each in rows)
            put.of_rows(at, "K24_final", quantile(took, 0.5), len(took))
            put.ratio(at, "K24_final_mean", sum(took), len(took))
            old = [each for each in rows if each.closes[-1].at + MATURE <= self.as_of]
            clean = [
                each
                for each in old
                if not each.reopenings
                and each.key not in repeated
                and not any(crosses for _, _, crosses in company.handoffs(each))
            ]
            put.ratio(at, "K26", len(clean), len(old))
            put.ratio(at, "K27", sum(len(each.of("human")) == 1 for each in rows), len(rows))
            minutes = [
                sum(seconds(a, b) for _, a, b in company.handling(each)) / 60
                for each in rows
                if any(item.agent for item in each.assignments)
            ]
            put.ratio(at, "K34", sum(minutes), len(minutes))

    def backlog(self) -> None:
        """K15 and K21 at the end of the last completed day of each period."""
        company = self.company
        last_days: dict[date, list[tuple[str, date]]] = defaultdict(list)
        day = min((company.day(each.opened_at) for each in company.conversations), default=None)
        while day is not None and day < self.today:
            for kind in PERIOD_KINDS:
                start = period_start(day, kind)
                if min(period_end(start, kind), self.today - timedelta(days=1)) == day:
                    last_days[day].append((kind, start))
            day += timedelta(days=1)
        groups: dict[tuple, list[tuple[Conversation, datetime]]] = defaultdict(list)
        for each, day, midnight in company.backlog():
            if not each.is_in_scope or day not in last_days:
                continue
            assigned = each.in_charge(midnight)
            team = company.team(assigned.agent, assigned.at) if assigned else UNASSIGNED
            slices = self.conversation_slices(each) | {
                ("team", team),
                self.agent(assigned.agent if assigned else None),
            }
            for period in last_days[day]:
                for each_slice in slices:
                    groups[(*period, *each_slice)].append((each, midnight))
        for at, rows in groups.items():
            waits = hours(
                seconds(turn.clock_started_at, midnight)
                for each, midnight in rows
                for turn in [each.first_turn]
                if turn is not None
                and turn.clock_started_at < midnight
                and (turn.reply is None or turn.reply.at >= midnight)
            )
            put = self.card
            put.count(at, "K21", len(rows))
            put.count(at, "K15", len(waits))
            put.of_rows(at, "K15_max", max(waits, default=None), len(waits))
            put.of_rows(at, "K15_median", quantile(waits, 0.5), len(waits))
            ages = hours(seconds(each.opened_at, midnight) for each, midnight in rows)
            put.of_rows(at, "K22", quantile(ages, 0.5), len(ages))

    def growth(self) -> None:
        """K50: against the quarter before; none after some is -100 %."""
        loved = {
            (start, *slice_): cell.value
            for (kind, start, kpi, *slice_), cell in self.card.cells.items()
            if kind == "quarter" and kpi == "K48" and cell.value
        }
        for (start, *slice_), before in loved.items():
            after = period_end(start, "quarter") + timedelta(days=1)
            if after <= self.today:
                now = loved.get((after, *slice_), 0)
                value = Value(now / before - 1, now, before, before)
                self.card.put(("quarter", after, *slice_), "K50", value)


def cell_rows(cells: Mapping[Cell, Value]) -> list[dict[str, Any]]:
    """Cells in the columns of the scorecard."""
    return [
        {
            "period_kind": kind,
            "period_start_on": start,
            "kpi_id": kpi,
            "slice_kind": slice_kind,
            "slice_value": slice_value,
            "value": value.value,
            "numerator": value.numerator,
            "denominator": value.denominator,
            "n": value.n,
        }
        for (kind, start, kpi, slice_kind, slice_value), value in cells.items()
    ]
