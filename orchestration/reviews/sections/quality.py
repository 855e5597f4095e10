"""Where the numbers stand: what was checked, read and refused, what is late, what may still move.

Everything is counted elsewhere (extraction, publish, marts) and listed here. Built after the other
sections, because it lists what they showed. Files and days have modules of their own beside this.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from orchestration.reviews import wording
from orchestration.reviews.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Prose,
    Remark,
    Section,
    Sentence,
    Table,
)
from orchestration.reviews.desk import Desk, sentence
from orchestration.reviews.sections import quality_feeds, quality_files
from orchestration.reviews.serving import OVERALL

PASSED = "K82"
OUTCOMES = ("checks_failed", "checks_warned")
FIRST_VERSION = "1"
BREAKS = "kpi_definition_breaks"


def build(desk: Desk, brief: bool = False) -> Section:
    """The data-quality section; a brief one has the late and missing sources only."""
    desk.section = "quality"
    blocks: list[Block] = quality_feeds.blocks(desk, brief=brief)
    if not brief:
        blocks = [
            Heading("What the checks said", "quality-checks"),
            *_checks(desk),
            *blocks,
            *quality_files.blocks(desk),
            Heading("What may still change", "quality-provisional"),
            _provisional(desk),
            Heading("What is missing, and why", "quality-missing"),
            _nulls(desk),
            Heading("Definitions that changed", "quality-definitions"),
            *_changed(desk),
        ]
    return Section("quality", "Where the numbers stand", _standfirst(desk), tuple(blocks))


def _standfirst(desk: Desk) -> Sentence:
    """What was checked and read for this publication."""
    parts: Sentence = ()
    for row in desk.rows("publication", limit=1):
        if row.get("checks_passed"):
            parts += sentence(
                _of(desk, row, "checks_passed"),
                " checks passed before these numbers were published.",
            )
        if row.get("files"):
            parts += sentence(
                " In all, ",
                _of(desk, row, "files"),
                " files with ",
                _of(desk, row, "rows_read"),
                " rows were read: ",
                _of(desk, row, "rows_in_lake"),
                " are in the warehouse's lake, ",
                _of(desk, row, "rows_quarantined"),
                " were set aside.",
            )
    return parts


def _of(desk: Desk, row: dict[str, Any], column: str) -> Any:
    return desk.number("publication", row, column, "count", ("snapshot_id",), style="prose")


def _checks(desk: Desk) -> list[Block]:
    """The share of checks that passed in the period, and the tables that had others."""
    rows = quality_files.measured(desk, list(OUTCOMES), is_total=False)
    if desk.reading(PASSED).value is None and not rows:
        return [
            Remark(
                "No run of this period left a record: what the checks of a run said is known to "
                "the runs after it."
            )
        ]
    told = sentence(desk.figure(PASSED), " of the checks in this period's runs passed.")
    if not rows:
        return [Prose(told)]
    return [
        Prose(told),
        desk.mart_table(
            "Tables whose checks did not all pass",
            quality_files.PERIODS,
            rows,
            quality_files.KEY,
            columns=[
                ("measure", "Outcome", "text"),
                ("total_value", "Checks", "count"),
                ("observations", "Runs", "count"),
                ("latest_on", "Last", "text"),
            ],
            head=("checked_table", "Table"),
            names=[wording.label(str(row["checked_table"])) for row in rows],
        ),
    ]


def _own(desk: Desk) -> list[Any]:
    """Readings of the page's own period that are on the page."""
    return [
        each.reading
        for each in desk.ledger.cells
        if each.reading.period_kind == desk.period.kind
        and each.reading.period_start_on == desk.period.starts_on
    ]


def _provisional(desk: Desk) -> Block:
    names: dict[str, int | None] = {}
    for reading in _own(desk):
        if reading.is_provisional and (reading.slice_kind, reading.slice_value) == OVERALL:
            definition = desk.definition(reading.kpi_id, reading.definition_version)
            names[definition.name] = definition.maturity_days
    if not names:
        return Remark("All figures of this period are past their maturity.")
    return Table(
        "Figures of this period that may still move",
        (Column("Measure", is_number=False), Column("Settled after")),
        tuple(
            (
                Cell(name),
                Cell(wording.NOT_AVAILABLE if days is None else wording.plural(days, "day")),
            )
            for name, days in sorted(names.items())
        ),
    )


def _nulls(desk: Desk) -> Block:
    counted: dict[tuple[str, str], list[str]] = {}
    for reading in _own(desk):
        if reading.value is None:
            name = desk.definition(reading.kpi_id, reading.definition_version).name
            where = (
                "overall"
                if reading.slice_kind == "overall"
                else desk.name_of(reading.slice_kind, reading.slice_value)
            )
            counted.setdefault((name, wording.null_reason(reading.null_reason)), []).append(where)
    if not counted:
        return Remark("Every figure of this period has a value.")
    body = []
    for (name, reason), where in sorted(counted.items()):
        places = list(dict.fromkeys(where))
        more = f" and {len(places) - 4} more" if len(places) > 4 else ""
        body.append((Cell(name), Cell(reason), Cell(", ".join(places[:4]) + more)))
    return Table(
        "Figures printed as n/a",
        (
            Column("Measure", is_number=False),
            Column("Reason", is_number=False),
            Column("Where", is_number=False),
        ),
        tuple(body),
    )


def _changed(desk: Desk) -> list[Block]:
    """Definitions of ours and of the networks that changed within the time compared."""
    return [*_own_changes(desk), *_network_changes(desk)] or [
        Remark("No definition changed in the time that this page compares.")
    ]


def _is_compared_across(desk: Desk, day: date | None) -> bool:
    """Whether the page has numbers from before a day and from it on."""
    return day is not None and desk.year_ago.starts_on < day <= desk.period.ends_on


def _own_changes(desk: Desk) -> list[Block]:
    """A KPI that changes its meaning keeps its row, with the next version and its first day."""
    rows = tuple(
        (
            Cell(each.name),
            Cell(f"version {wording.clean(each.version)}"),
            Cell(wording.day(each.valid_from_on)),
            Cell(wording.clean(each.formula)),
        )
        for each in desk.all_definitions
        if each.version != FIRST_VERSION and _is_compared_across(desk, each.valid_from_on)
    )
    if not rows:
        return []
    return [
        Table(
            "Definitions that changed in the time that this page compares",
            (
                Column("Measure", is_number=False),
                Column("Version", is_number=False),
                Column("From", is_number=False),
                Column("Now", is_number=False),
            ),
            rows,
            "Every period on this page is measured by the definition as it is now; where a closed "
            "one was told by the one before, the errata say so.",
        )
    ]


def _network_changes(desk: Desk) -> list[Block]:
    """Networks that mean something else by what they count, with the measures of the page."""
    shown = {each.reading.kpi_id for each in desk.ledger.cells}
    found: dict[tuple[date, str], set[str]] = {}
    for row in desk.rows(BREAKS, {"slice_kind": "network"}):
        if row["kpi_id"] in shown and _is_compared_across(desk, row["changed_on"]):
            names = found.setdefault((row["changed_on"], row["slice_value"]), set())
            names.add(desk.definition(row["kpi_id"]).name)
    if not found:
        return []
    return [
        Table(
            "Networks that changed what they count",
            (
                Column("Network", is_number=False),
                Column("From", is_number=False),
                Column("Measures", is_number=False),
            ),
            tuple(
                (
                    Cell(desk.name_of("network", network)),
                    Cell(wording.day(day)),
                    Cell(wording.joined(sorted(names))),
                )
                for (day, network), names in sorted(found.items())
            ),
            "A comparison across such a change is not made; it is printed as n/a.",
        )
    ]
