"""Worlds through the warehouse and through the oracle, down to the smallest that fails.

Which differences there are and which world they come from is found out here; drawing worlds and
working out what should be are the business of their own modules.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from tests.oracle import compare
from tests.oracle.care import Company, Row, key
from tests.oracle.compare import Difference
from tests.oracle.harness import Warehouse
from tests.oracle.inboxes import Inboxes
from tests.oracle.kpis import CareKpis, cell_rows
from tests.oracle.sla import Promises
from tests.oracle.worlds import AS_OF, SOURCES, ZONE, World, export

# What the oracle reads with `select *`: the two streams, what describes them, small facts.
READ = (
    "fct_messages",
    "fct_conversation_events",
    "fct_survey_responses",
    "int_message_tags",
    "int_thread_tags_unioned",
    "dim_agent",
    "dim_profile",
    "tags",
    "bridge_contact_vip",
    "business_calendars",
    "business_hours",
    "business_holidays",
    "sla_policies",
    "int_conversation_reported",
    "fct_phone_daily",
    "fct_agent_presence",
    "fct_web_sessions",
    "kpi_definitions",
    "kpi_targets",
    "kpi_source_coverage",
)

# The rows that inboxes hand in, and the seeds that say what they mean.
HANDED_IN = (
    *(f"int_{source}_{feed}" for source in SOURCES for feed in ("messages", "events")),
    "network_aliases",
    "profiles",
    "tags",
)

# What it works out again, by the key of each row.
FACTS = {
    "fct_messages": "message_key",
    "fct_replies": "turn_key",
    "fct_conversations": "conversation_key",
    "fct_conversation_daily": "conversation_day_key",
    "fct_sla": "sla_key",
}
SCORECARD = "kpi_scorecard"
TARGETS = (*READ, *FACTS, SCORECARD)


class Bench:
    """Runs worlds through both."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.warehouse = warehouse

    def company(self) -> Company:
        """What the oracle makes of the streams of the last build."""
        return Company({name: self.warehouse.rows(name) for name in READ}, AS_OF, ZONE)

    def misread_messages(self) -> list[Difference]:
        """Messages of the last build that are not what the inboxes handed in."""
        handed_in = {name: self.warehouse.rows(name) for name in HANDED_IN}
        inboxes = Inboxes(handed_in, SOURCES)
        messages = self.warehouse.rows("fct_messages")
        events = self.warehouse.rows("fct_conversation_events")
        return [
            *compare.differing_rows("fct_messages", "message_key", messages, inboxes.rows()),
            *_misplaced(inboxes.order(), messages, events),
        ]

    def expected(self, company: Company) -> dict[str, list[Row]]:
        """Rows of the facts as they should be."""
        return {
            "fct_messages": list(company.message_rows()),
            "fct_replies": list(company.reply_rows()),
            "fct_conversations": list(company.conversation_rows()),
            "fct_conversation_daily": list(company.daily_rows()),
            "fct_sla": list(Promises(company).rows()),
        }

    def differences(
        self, worlds: Sequence[World], tables: Sequence[str] = (*FACTS, SCORECARD)
    ) -> list[Difference]:
        """Everything on which warehouse and oracle differ about some worlds."""
        self.warehouse.build(export(worlds))
        return self.held_against(self.answers(tables))

    def answers(self, tables: Sequence[str] = (*FACTS, SCORECARD)) -> dict[str, list[Row]]:
        """What the oracle says about the worlds of the last build."""
        company = self.company()
        found = {name: rows for name, rows in self.expected(company).items() if name in tables}
        if SCORECARD in tables:
            found[SCORECARD] = cell_rows(CareKpis(company).all())
        return found

    def held_against(self, answers: Mapping[str, Sequence[Row]]) -> list[Difference]:
        """Where the tables as they are now say something else."""
        found = []
        for name, rows in answers.items():
            theirs = self.warehouse.rows(name)
            if name == SCORECARD:
                found += compare.differing_cells(theirs, rows)
            else:
                found += compare.differing_rows(name, FACTS[name], theirs, rows)
        return found

    def smallest(self, worlds: Sequence[World], found: Sequence[Difference]) -> str:
        """The smallest world that still shows one of the differences, and what differs."""
        columns = {(each.table, each.column) for each in found}
        tables = {each.table if each.table in FACTS else SCORECARD for each in found}

        def fails(world: World) -> list[Difference]:
            again = self.differences([world], tables=tuple(tables))
            return [each for each in again if (each.table, each.column) in columns]

        for number in suspects(worlds, found):
            world, wrong = worlds[number], fails(worlds[number])
            if wrong:
                return _told(*shrink(world, wrong, fails))
        return f"no world alone shows it; {len(worlds)} together do"


def _misplaced(
    order: Mapping[str, tuple], messages: Sequence[Row], events: Sequence[Row]
) -> Iterator[Difference]:
    """Threads whose messages and events stand in another order."""
    threads: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for name, rows in (("message_key", messages), ("event_key", events)):
        for row in rows:
            threads[row["thread_key"]].append((row["thread_position"], row[name]))
    for thread, places in threads.items():
        found = [name for _, name in sorted(places)]
        expected = sorted(found, key=order.__getitem__)
        if found != expected:
            yield Difference("fct_messages", thread, "thread_position", found, expected)


def suspects(worlds: Sequence[World], found: Sequence[Difference]) -> list[int]:
    """Worlds in which differences lie, the shortest first."""
    number_of = {
        key(source, f"{prefix}w{number}p{profile}"): number
        for number in range(len(worlds))
        for source, prefix in zip(SOURCES, ("", "s"), strict=True)
        for profile in (0, 1)
    }
    numbers = set()
    for each in found:
        named = re.search(r"\bworld (\d+)\b|\bw(\d+)p\d", each.row)
        if each.profile in number_of:
            numbers.add(number_of[each.profile])
        elif named:
            numbers.add(int(named[1] or named[2]))
    return sorted(numbers, key=lambda number: len(worlds[number].steps))


def shrink(
    world: World, wrong: list[Difference], fails: Callable[[World], list[Difference]]
) -> tuple[World, list[Difference]]:
    """Leave out steps for as long as it still fails; a gap left out is added to the next step's."""
    number = 0
    while number < len(world.steps):
        steps = list(world.steps)
        gap_s = steps.pop(number).gap_s
        if number < len(steps):
            steps[number] = replace(steps[number], gap_s=steps[number].gap_s + gap_s)
        smaller = replace(world, steps=tuple(steps))
        again = fails(smaller) if steps else []
        if again:
            world, wrong = smaller, again
        else:
            number += 1
    return world, wrong


def _told(world: World, wrong: Sequence[Difference]) -> str:
    return "\n".join([world.describe(), *(f"  {each}" for each in wrong[:20])])
