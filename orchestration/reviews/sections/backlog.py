"""Backlog: what came in and went out, how old the rest is, and who still waits for an answer.

The state at the end of a period belongs here, and the work list as of the snapshot. Volumes and
resolutions over time are the workload section's.
"""

from __future__ import annotations

from typing import Any

from orchestration.reviews import charts, wording
from orchestration.reviews.blocks import (
    Block,
    Cell,
    Chart,
    Column,
    Heading,
    Remark,
    Section,
    Sentence,
    Table,
    source_anchor,
)
from orchestration.reviews.desk import Desk, sentence
from orchestration.reviews.sections.common import (
    LOOKED_UP,
    about,
    of_period,
    published,
    short_key,
)

FLOW = "kpi_backlog_flow"
FLOW_KEY = ("period_kind", "period_start_on", "slice_kind", "slice_value")
LIST = "kpi_unanswered"
LIST_KEY = ("conversation_key",)
OPEN, UNANSWERED, LONGEST = "K21", "K15", "K15_max"
MEASURES = (OPEN, "K22", "K22_days", UNANSWERED, LONGEST, "K15_median", "K33")
AGES = (
    ("aged_under_4h", "Under 4 h"),
    ("aged_4h_to_1d", "4 h to 1 day"),
    ("aged_1d_to_2d", "1 to 2 days"),
    ("aged_2d_to_7d", "2 to 7 days"),
    ("aged_7d_and_over", "7 days or more"),
)
#: Cases listed by name, and for how long after its end a page still has today's work list.
MOST_LISTED, FRESH_DAYS = 15, 31


def build(desk: Desk) -> Section | None:
    """The backlog's flow and age, and the list of those who wait."""
    desk.section = "backlog"
    rows = desk.rows(FLOW, of_period(desk), order_by=("-open_cases", "slice_value"))
    if not rows:
        return None
    blocks: list[Block] = [_ages(desk, rows), _flow(desk, rows)]
    measures = published(desk, MEASURES)
    if measures:
        blocks += [
            Heading("Age and waits", "backlog-measures"),
            desk.comparison("Age and waits", measures),
        ]
    blocks += _work_list(desk)
    return Section("backlog", "Backlog and who still waits", _standfirst(desk, rows), tuple(blocks))


def _overall(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["slice_kind"] == "overall"]


def _standfirst(desk: Desk, rows: list[dict[str, Any]]) -> Sentence:
    parts = sentence(
        desk.figure(OPEN),
        f" conversations were open at the end of {wording.day(rows[0]['stands_on'])}",
    )
    if desk.reading(UNANSWERED).value:
        parts += sentence("; ", desk.figure(UNANSWERED), " of them had not heard from a person yet")
        if desk.reading(LONGEST).value is not None:
            parts += sentence(", the longest for ", desk.figure(LONGEST))
    return parts + sentence(".")


def _ages(desk: Desk, rows: list[dict[str, Any]]) -> Chart:
    before = desk.rows(
        FLOW,
        {
            "period_kind": desk.previous.kind,
            "period_start_on": desk.previous.starts_on,
            "slice_kind": "overall",
        },
    )
    pairs = [(desk.period, row) for row in _overall(rows)]
    pairs += [(desk.previous, row) for row in before]
    labels = [label for _, label in AGES]
    series = [
        charts.Line(period.short_name, tuple(row[column] for column, _ in AGES))
        for period, row in pairs
    ]
    body = tuple(
        (
            Cell(label),
            *(Cell(desk.number(FLOW, row, column, "count", FLOW_KEY)) for _, row in pairs),
        )
        for column, label in AGES
    )
    title = "How old open conversations were at the end"
    return desk.chart(
        "backlog-ages",
        title,
        f"Bars of open conversations by age, at the end of {desk.period.in_words} and of "
        f"{desk.previous.in_words}.",
        Table(
            title,
            (
                Column("Open for", is_number=False),
                *(
                    Column(period.short_name, source=source_anchor(FLOW, AGES[0][0]))
                    for period, _ in pairs
                ),
            ),
            body,
        ),
        lambda name, width: charts.bars(name, labels, series, "count", width=width),
    )


def _flow(desk: Desk, rows: list[dict[str, Any]]) -> Table:
    names = [
        "All networks"
        if row["slice_kind"] == "overall"
        else desk.name_of("network", row["slice_value"])
        for row in rows
    ]
    ordered = sorted(zip(rows, names, strict=True), key=lambda each: each[0] not in _overall(rows))
    return desk.mart_table(
        "What came in, went out and remains",
        FLOW,
        [row for row, _ in ordered],
        FLOW_KEY,
        columns=(
            ("opening_cases", "Open at first", "count"),
            ("new_cases", "New", "count"),
            ("reopened_cases", "Reopened", "count"),
            ("ended_cases", "Ended", "count"),
            ("open_cases", "Open at the end", "count"),
            ("unassigned_cases", "Of them unassigned", "count"),
            ("overdue_cases", "Of them overdue", "count"),
        ),
        head=("slice_value", "Network"),
        names=[name for _, name in ordered],
        note="Open at first + new + reopened − ended = open at the end. The end is that of "
        f"{wording.day(rows[0]['stands_on'])}.",
    )


def _work_list(desk: Desk) -> list[Block]:
    """Who waits now, most urgent first; a page about a time long past has no use for it."""
    as_of = desk.publication.as_of_on
    if (as_of - desk.period.ends_on).days > FRESH_DAYS:
        return []
    heading = Heading(f"Waiting for an answer on {wording.day(as_of)}", "backlog-list")
    rows = desk.rows(LIST, order_by=("urgency_rank",), limit=MOST_LISTED)
    if not rows:
        return [heading, Remark("Nobody waits for an answer.")]
    more = len(desk.rows(LIST)) - len(rows)
    table = desk.mart_table(
        "Waiting for an answer, most urgent first",
        LIST,
        [{**row, "about": about(desk, row)} for row in rows],
        LIST_KEY,
        columns=(
            ("wait_s", "Has waited", "seconds"),
            ("network", "Network", "text"),
            ("about", "About", "text"),
            ("priority", "Priority", "text"),
            ("agent_name", "Owner", "text"),
        ),
        head=("conversation_key", "Conversation"),
        names=[short_key(row["conversation_key"]) for row in rows],
        note=f"By the deadline of the promise, then by the wait. {LOOKED_UP}"
        + (f" {more} more are in {LIST}." if more > 0 else ""),
    )
    return [heading, table]
