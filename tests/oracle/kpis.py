"""The KPIs of care again: facts added up by period and slice in plain loops.

Takes what `care` works out and what the small fact tables say, and gives one cell a KPI, period and
slice. Targets, statuses and reasons for a missing value are not checked here.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from tests.oracle.care import UNASSIGNED, Company, Conversation, Item, Turn, members, seconds
from tests.oracle.sla import Promises

Slice = tuple[str, str]
Cell = tuple[str, date, str, str, str]

MATURE = timedelta(days=7)
QUARTER = timedelta(days=90)
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
        self.definitions = {row["kpi_id"]: row for row in self.tables["kpi_definitions"]}
        self.first_days = {
            row["family"]: row["first_on"] for row in self.tables["kpi_source_coverage"]
        }
        self.names = {
            row["agent_key"]: row["agent_name"] or row["agent_key"]
            for row in sorted(
                self.tables["dim_agent"],
                key=lambda row: (row["valid_to_at"] is None, row["valid_from_at"]),
            )
        }
        self.in_scope = [each for each in company.conversations if each.is_in_scope]
        self.efforts: dict[str, float] = defaultdict(float)
        for row in self.tables["int_conversation_reported"]:
            if row["metric"] == "handle_s":
                self.efforts[row["conversation_key"]] += row["value"]
        self.message_tags: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
        for row in self.tables["int_message_tags"]:
            tag = (row["tag"], row["tag_kind"], row["tag_value"])
            self.message_tags[row["message_key"]].add(tag)

    def all(self) -> dict[Cell, Value]:
        """Every cell."""
        for part in (
            self.messages,
            self.love_growth,
            self.turns,
            self.changes,
            self.conversations,
            self.closes,
            self.bots,
            self.topics,
            self.backlog,
            self.outflow,
            self.sent,
            self.load,
            self.concurrency,
            self.coverage,
            self.promises,
            self.phone,
            self.surveys,
        ):
            part()
        return {
            at: value if self.is_said(at, value) else replace(value, value=None)
            for at, value in self.card.cells.items()
            if self.is_shown(at)
        }

    def is_shown(self, at: Cell) -> bool:
        """Whether a KPI is for a kind of period and of slice."""
        kind, _, kpi, slice_kind, _ = at
        definition = self.definitions[kpi]
        return (definition["cadence"] != "Q" or kind == "quarter") and slice_kind in (
            definition["slice_kinds"] or slice_kind
        ).split()

    def is_said(self, at: Cell, value: Value) -> bool:
        """Whether there are facts enough, and a source that reaches back to the period."""
        kind, start, kpi, _, _ = at
        definition = self.definitions[kpi]
        first_on = self.first_days.get(definition["family"])
        return (
            (value.n or 0) >= definition["minimum_n"]
            and first_on is not None
            and first_on <= period_end(start, kind)
        )

    # Slices

    def agent(self, agent: str | None) -> Slice:
        """The slice of a person."""
        return "agent", self.names.get(agent, UNASSIGNED)

    def person(self, agent: str) -> str:
        """Who it is: one name in two tools is one person."""
        return self.names.get(agent, agent)

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
            ("directedness", "to_us"),
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
            day = company.day(turn.started_at)
            if self.is_scoped(each, turn):
                facts.append(Fact(day, self.turn_slices(each, turn), (each, turn)))
            elif turn.eligible and each.is_from_customer and not each.is_to_us:
                facts.append(Fact(day, {("directedness", "about_us")}, (each, turn)))
        for at, rows in grouped(facts):
            self._turns_at(at, rows)

    def is_scoped(self, each: Conversation, turn: Turn) -> bool:
        """Whether a turn counts in care KPIs."""
        return bool(turn.eligible) and turn.is_to_us and each.is_in_scope

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
            if at[2] == "overall":
                gone: dict[str, int] = defaultdict(int)
                for _, team, crosses in (handoff for each in handoffs for handoff in each):
                    gone[team] += crosses
                for team, number in gone.items():
                    if number:
                        there = (*at[:2], "destination_team", team)
                        put.ratio(there, "K32", number, len(handled))
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
            if each.first_closed_at is not None:
                by_first.append(Fact(company.day(each.first_closed_at), slices, each))
            if each.is_closed:
                by_last.append(Fact(company.day(each.closes[-1].at), slices, each))
        put = self.card
        for at, rows in grouped(by_first):
            took = hours(seconds(each.first_inbound_at, each.first_closed_at) for each in rows)
            put.of_rows(at, "K24", quantile(took, 0.5), len(took))
            put.ratio(at, "K24_mean", sum(took), len(took))
            old = [each for each in rows if each.first_closed_at + MATURE <= self.as_of]
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
            timed = [self.efforts[each.key] / 60 for each in rows if each.key in self.efforts]
            put.ratio(at, "K34_effort", sum(timed), len(timed))

    def backlog(self) -> None:
        """K15 and K21 at the end of the last completed day of each period."""
        company = self.company
        shown: dict[date, list[tuple[str, date]]] = defaultdict(list)
        for period, day in self.last_days().items():
            shown[day].append(period)
        groups: dict[tuple, list[tuple[Conversation, datetime]]] = defaultdict(list)
        for each, day, midnight in company.backlog():
            if not each.is_in_scope or day not in shown:
                continue
            assigned = each.in_charge(midnight)
            team = company.team(assigned.agent, assigned.at) if assigned else UNASSIGNED
            slices = self.conversation_slices(each) | {
                ("team", team),
                self.agent(assigned.agent if assigned else None),
            }
            for period in shown[day]:
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

    def love_growth(self) -> None:
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

    def last_days(self) -> dict[tuple[str, date], date]:
        """The last completed day of every period since the first conversation."""
        found = {}
        day = min(self.company.day(each.opened_at) for each in self.company.conversations)
        while day < self.today:
            for kind in PERIOD_KINDS:
                found[kind, period_start(day, kind)] = day
            day += timedelta(days=1)
        return found

    def outflow(self) -> None:
        """K22_days: what is open at the pace of what ended in four weeks."""
        company = self.company
        ended: dict[Slice, list[date]] = defaultdict(list)
        for each in self.in_scope:
            agent, team = company.closing(each)
            slices = self.conversation_slices(each) | {("team", team), self.agent(agent)}
            for _, stop, _ in each.spans:
                if stop is not None:
                    for each_slice in slices:
                        ended[each_slice].append(company.day(stop))
        for (kind, start), last in self.last_days().items():
            for each_slice, days in ended.items():
                n = sum(last - timedelta(days=28) < day <= last for day in days)
                if n:
                    at = (kind, start, *each_slice)
                    known = self.card.cells.get((kind, start, "K21", *each_slice))
                    left = known.value if known else 0
                    self.card.ratio(at, "K22_days", left, n / 28, left)

    def changes(self) -> None:
        """K03_growth and K11."""
        cells = dict(self.card.cells)
        baselines = [
            row
            for row in self.tables["kpi_targets"]
            if row["kpi_id"] == "K04" and row["kind"] == "baseline"
        ]
        for (kind, start, kpi, *each_slice), cell in cells.items():
            at = (kind, start, *each_slice)
            if kpi == "K03":
                later = (
                    start + timedelta(weeks=52)
                    if kind == "week"
                    else start.replace(year=start.year + 1)
                )
                if later <= self.today:
                    now = cells.get((kind, later, "K03", *each_slice))
                    top = now.value if now else 0
                    value = Value(top / cell.value - 1, top, cell.value, cell.value)
                    self.card.put((kind, later, *each_slice), "K03_growth", value)
            elif kpi == "K04" and cell.value is not None:
                for row in baselines:
                    assert row["slice_value"] == "all", "one baseline, of everything"
                    if row["slice_kind"] == each_slice[0] and row["valid_from_on"] <= start:
                        base = row["target_value"]
                        self.card.ratio(at, "K11", cell.value - base, base, cell.n)

    def bots(self) -> None:
        """K37: in scope or not, as long as a customer began it and it is no spam."""
        company, facts = self.company, []
        for each in company.conversations:
            inbound = each.of("in")
            spam = bool(inbound) and all(item.row["is_spam"] for item in inbound)
            if each.is_from_customer and each.of("bot", "bot_started") and not spam:
                agent, team = company.answers(each, each.first_turn)
                slices = self.conversation_slices(each) | {("team", team), self.agent(agent)}
                facts.append(Fact(company.day(each.opened_at), slices, each))
        for at, rows in grouped(facts):
            alone = [each for each in rows if each.is_closed and not each.of("human")]
            self.card.ratio(at, "K37", len(alone), len(rows))

    def handle_s(self, each: Conversation) -> int | None:
        """Seconds a customer waited while somebody was in charge; None if nobody ever was."""
        if not any(item.agent for item in each.assignments):
            return None
        return sum(seconds(start, stop) for _, start, stop in self.company.handling(each))

    def topics(self) -> None:
        """K39: the ten largest topics whose cases are quick work."""
        overall = {("overall", "all")}
        facts = [Fact(self.company.day(e.opened_at), overall, e) for e in self.in_scope]
        for at, rows in grouped(facts):
            times: dict[str, list[int]] = defaultdict(list)
            volume: dict[str, int] = defaultdict(int)
            for each in rows:
                for topic in self.company.values(each, "topic"):
                    volume[topic] += 1
                    if self.handle_s(each) is not None:
                        times[topic].append(self.handle_s(each))
            median = quantile([self.handle_s(e) for e in rows if self.handle_s(e) is not None], 0.5)
            named = sorted(topic for topic in volume if topic != "untagged")
            largest = sorted(named, key=lambda topic: -volume[topic])[:10]
            quick = [
                volume[topic]
                for topic in largest
                if times[topic] and quantile(times[topic], 0.5) < median
            ]
            self.card.ratio(at, "K39", sum(quick), sum(volume.values()))

    def human_messages(self) -> list[tuple[Conversation, Item, set[Slice]]]:
        """What people sent in conversations in scope, with the slices of who sent it."""
        company = self.company
        return [
            (
                each,
                item,
                self.conversation_slices(each)
                | {("team", company.team(item.agent, item.at)), self.agent(item.agent)},
            )
            for each in self.in_scope
            for item in each.of("human")
        ]

    def sent(self) -> None:
        """K40 and K41."""
        facts = [
            Fact(self.company.day(item.at), slices, item)
            for _, item, slices in self.human_messages()
        ]
        links = {
            fact.what.row["redirect_content"]
            for fact in facts
            if fact.what.row["redirect_kind"] == "portal"
        } - {None}
        sessions: dict[tuple[str, date], int] = defaultdict(int)
        for row in self.tables["fct_web_sessions"]:
            if row["utm_content"] in links:
                for kind in PERIOD_KINDS:
                    sessions[kind, period_start(row["started_on"], kind)] += 1
        for at, rows in grouped(facts):
            portal = sum(item.row["redirect_kind"] == "portal" for item in rows)
            templates = sum(item.row["template_id"] is not None for item in rows)
            self.card.ratio(at, "K40", templates, len(rows))
            self.card.ratio(at, "K41", portal, len(rows))
            if at[2] == "overall":
                self.card.ratio(at, "K41_sessions", sessions[at[:2]], portal)

    def load(self) -> None:
        """K23 and K46: what people do, and what is in their charge."""
        company, facts = self.company, []
        for each, item, slices in self.human_messages():
            facts.append(Fact(company.day(item.at), slices, (each, item)))
        for each in self.in_scope:
            for close in each.closes:
                if close.is_by_person:
                    team = company.team(close.agent, close.at)
                    slices = self.conversation_slices(each)
                    slices |= {("team", team), self.agent(close.agent)}
                    facts.append(Fact(company.day(close.at), slices, (each, close)))
        charge: dict[tuple, int] = defaultdict(int)
        shown: dict[date, list[tuple[str, date]]] = defaultdict(list)
        for period, day in self.last_days().items():
            shown[day].append(period)
        for each, day, midnight in company.backlog():
            assigned = each.in_charge(midnight)
            if each.is_in_scope and day in shown and assigned and assigned.agent:
                slices = self.conversation_slices(each) | {
                    ("team", company.team(assigned.agent, assigned.at)),
                    self.agent(assigned.agent),
                }
                for period in shown[day]:
                    for each_slice in slices:
                        charge[(*period, *each_slice)] += 1
        has_ended_day = set(self.last_days())
        for at, rows in grouped(facts):
            replies = [(each, item) for each, item in rows if item.kind == "human"]
            closes = [(each, item) for each, item in rows if item.kind == "closed"]
            people = {self.person(item.agent) for _, item in replies if item.agent}
            days = {(self.person(i.agent), company.day(i.at)) for _, i in rows if i.agent}
            put = self.card
            if at[:2] in has_ended_day:
                put.ratio(at, "K23", charge[at], len(people))
            put.ratio(at, "K23_closed", len(closes), len(days))
            put.count(at, "K46_replies", len(replies))
            put.count(at, "K46_handled", len({each.key for each, _ in replies}))
            put.count(at, "K46_closed", len(closes))

    def concurrency(self) -> None:
        """K34_concurrency: time in hand added up, over the time with anything in hand."""
        company = self.company
        stretches: dict[tuple, list[tuple[datetime, datetime, str, Slice]]] = defaultdict(list)
        for each in self.in_scope:
            for item, start, stop in company.handling(each):
                team = company.team(item.agent, item.at)
                for kind in PERIOD_KINDS:
                    first = period_start(company.day(start), kind)
                    while first <= company.day(stop):
                        last = period_end(first, kind)
                        low = max(start, company.ends_at(first - timedelta(days=1)))
                        high = min(stop, company.ends_at(last))
                        if low < high:
                            stretch = (low, high, team, self.agent(item.agent))
                            stretches[kind, first, self.person(item.agent)].append(stretch)
                        first = last + timedelta(days=1)
        sums: dict[tuple, list[tuple[float, float]]] = defaultdict(list)
        for (kind, first, _), rows in stretches.items():
            reached = None
            for low, high, team, agent in sorted(rows):
                busy_from = max(low, reached) if reached else low
                parts = (seconds(low, high) / 3600, max(0, seconds(busy_from, high)) / 3600)
                reached = max(high, reached) if reached else high
                for each_slice in (("overall", "all"), ("team", team), agent):
                    sums[(kind, first, *each_slice)].append(parts)
        for at, parts in sums.items():
            handled, busy = (sum(column) for column in zip(*parts, strict=True))
            self.card.ratio(at, "K34_concurrency", handled, busy, len(parts))

    def coverage(self) -> None:
        """K18: hours of the week with demand and with replies in the last four weeks."""
        company = self.company
        happened: dict[Slice, list[tuple[date, int, str]]] = defaultdict(list)
        for each, turn in company.turns:
            if not self.is_scoped(each, turn):
                continue
            moments = [(turn.started_at, "demand")]
            if turn.reply:
                moments.append((turn.reply.at, "reply"))
            for at, what in moments:
                local = company.local(at)
                hour = local.weekday() * 24 + local.hour
                for each_slice in self.turn_slices(each, turn):
                    happened[each_slice].append((local.date(), hour, what))
        for (kind, start), last in self.last_days().items():
            if kind != "quarter":
                continue
            for each_slice, moments in happened.items():
                recent = [m for m in moments if last - timedelta(days=28) < m[0] <= last]
                if recent:
                    at = (kind, start, *each_slice)
                    demand = {hour for _, hour, what in recent if what == "demand"}
                    served = {hour for _, hour, what in recent if what == "reply"}
                    self.card.ratio(at, "K18", len(served), 168)
                    self.card.ratio(at, "K18_demand", len(served & demand), len(demand))

    def promises(self) -> None:
        """K16."""
        conversations = {each.key: each for each in self.company.conversations}
        facts = []
        for row in Promises(self.company).rows():
            if row["is_in_scope"]:
                slices = self.conversation_slices(conversations[row["conversation_key"]]) | {
                    ("team", row["team"]),
                    self.agent(row["agent_key"]),
                    ("sla_policy", row["policy_id"]),
                    ("sla_metric", row["metric"]),
                }
                facts.append(Fact(row["started_on"], slices, row))
        for at, rows in grouped(facts):
            decided = [row for row in rows if row["outcome"] != "pending"]
            met = [row for row in decided if row["outcome"] == "met"]
            self.card.ratio(at, "K16", len(met), len(decided))
            for metric in ("first_reply", "next_reply", "resolution"):
                of_all = sum(row["metric"] == metric for row in decided)
                if of_all:
                    of_met = sum(row["metric"] == metric for row in met)
                    self.card.ratio(at, f"K16_{metric}", of_met, of_all)
        broken: dict[tuple, int] = defaultdict(int)
        for kind, start in self.periods():
            at = min(self.company.ends_at(period_end(start, kind)), self.as_of)
            for fact in facts:
                row = fact.what
                breached_at, ended_at = row["breached_at"], row["ended_at"]
                if breached_at and breached_at <= at and (ended_at is None or ended_at > at):
                    for each_slice in fact.slices:
                        broken[(kind, start, *each_slice)] += 1
        for at, number in broken.items():
            self.card.count(at, "K16_open_breaches", number)

    def periods(self) -> set[tuple[str, date]]:
        """Every period from the first conversation to the running one."""
        today = {(kind, period_start(self.today, kind)) for kind in PERIOD_KINDS}
        return set(self.last_days()) | today

    def phone(self) -> None:
        """K35, K36, K38."""
        overall = {("overall", "all")}
        calls = [Fact(row["date_on"], overall, row) for row in self.tables["fct_phone_daily"]]
        present: dict[tuple, float] = {}
        handled: dict[tuple, int] = defaultdict(int)
        here = [Fact(row["date_on"], overall, row) for row in self.tables["fct_agent_presence"]]
        opened = [
            Fact(self.company.day(each.opened_at), overall, each)
            for each in self.in_scope
            if each.is_handled
        ]
        for at, rows in grouped(opened):
            handled[at] = len(rows)
        for at, rows in grouped(here):
            present[at] = sum(row["present_s"] for row in rows) / 3600
            self.card.ratio(at, "K36_social", handled[at], present[at], handled[at])
        for at, rows in grouped(calls):
            put = self.card
            answered = sum(row["calls_answered"] or 0 for row in rows)
            minutes = sum(
                sum(row[part] or 0 for part in ("talk_s", "hold_s", "after_call_s")) / 60
                for row in rows
            )
            put.ratio(at, "K35", minutes, answered)
            with_staff = [row for row in rows if row["agent_hours"] is not None]
            staffed = sum(row["calls_answered"] or 0 for row in with_staff)
            staff_h = sum(row["agent_hours"] or 0 for row in rows)
            put.ratio(at, "K36_phone", staffed, staff_h, staffed)
            accepted = sum(row["deflections_accepted"] or 0 for row in rows)
            back = sum(row["callbacks_within_7d"] or 0 for row in rows)
            put.ratio(at, "K38", accepted, accepted + answered)
            put.ratio(at, "K38_effective", accepted - back, accepted + answered)
            if present.get(at) and staff_h:
                put.ratio(at, "K36", handled[at] / present[at], staffed / staff_h, handled[at])

    def surveys(self) -> None:
        """K43 to K45."""
        company = self.company
        conversations = {each.key: each for each in company.conversations}
        answered, sent = [], []
        by_contact: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for row in self.tables["fct_survey_responses"]:
            each = conversations.get(row["conversation_key"])
            slices = {("product", "untagged"), ("topic", "untagged"), ("overall", "all")}
            if each is not None:
                slices = self.conversation_slices(each)
            slices = {s for s in slices if s[0] != "network"} | {
                ("network", row["network"] or "unknown"),
                ("team", row["team"]),
                self.agent(row["agent_key"]),
            }
            if row["responded_at"] is not None:
                answered.append(Fact(company.day(row["responded_at"]), slices, row))
                if row["nps_group"] is not None:
                    by_contact[row["contact_key"] or row["survey_key"]].append(row)
            if row["sent_at"] is not None and row["sent_at"] + MATURE <= self.as_of:
                sent.append(Fact(company.day(row["sent_at"]), slices, row))
        counting = set()
        for rows in by_contact.values():
            rows.sort(key=lambda row: (row["responded_at"], row["survey_key"]))
            for row, later in zip(rows, [*rows[1:], None], strict=True):
                if later is None or later["responded_at"] - row["responded_at"] >= QUARTER:
                    counting.add(row["survey_key"])
        for at, rows in grouped(answered):
            rated = [
                row["is_satisfied"]
                for row in rows
                if row["survey_kind"] == "csat" and row["is_satisfied"] is not None
            ]
            if rated:
                self.card.ratio(at, "K43", sum(rated), len(rated))
            groups = [row["nps_group"] for row in rows if row["survey_key"] in counting]
            if groups:
                balance = groups.count("promoter") - groups.count("detractor")
                n = len(groups)
                self.card.put(at, "K45", Value(100 * balance / n, balance, n, n))
        for at, rows in grouped(sent):
            replied = sum(row["responded_at"] is not None for row in rows)
            self.card.ratio(at, "K44", replied, len(rows))


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
