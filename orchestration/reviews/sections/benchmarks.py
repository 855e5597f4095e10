"""Benchmarks: our measures beside figures that others have published.

Rows of the target seed of the kind `benchmark` belong here. They are no targets: nothing is judged
against them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from orchestration.reviews import wording
from orchestration.reviews.blocks import Cell, Column, Section, Table, source_anchor
from orchestration.reviews.desk import Desk, sentence
from orchestration.reviews.periods import Period, period_of

TARGETS = "kpi_targets"
LONGEST_NOTE = 200
KEY = ("kpi_id", "kind", "slice_kind", "slice_value", "period_kind", "valid_from_on")


def build(desk: Desk) -> Section | None:
    """A row for every benchmark in force."""
    desk.section = "benchmarks"
    found = [
        row
        for row in desk.rows(
            TARGETS, {"kind": "benchmark", "slice_kind": "overall"}, order_by=("kpi_id",)
        )
        if row["valid_from_on"] <= desk.period.ends_on
        and (row["valid_to_on"] is None or row["valid_to_on"] > desk.period.ends_on)
    ]
    if not found:
        return None
    rows = []
    for row in found:
        reading_period = _period(desk, row)
        reading = desk.reading(row["kpi_id"], reading_period)
        definition = desk.definition(row["kpi_id"], reading.definition_version)
        rows.append(
            (
                Cell(definition.name, kpi_id=row["kpi_id"]),
                Cell(
                    desk.show(reading),
                    note="" if reading_period == desk.period else reading_period.short_name,
                ),
                Cell(desk.number(TARGETS, row, "target_value", definition.unit, KEY)),
                Cell(wording.trimmed(str(row["note"] or ""), LONGEST_NOTE)),
            )
        )
    columns = (
        Column("Measure", is_number=False),
        Column(desk.period.short_name),
        Column("Benchmark", source=source_anchor(TARGETS, "target_value")),
        Column("What the benchmark is", is_number=False),
    )
    return Section(
        "benchmarks",
        "Beside what others report",
        sentence("Published figures to compare with. They are no targets."),
        (Table("Our measures and published figures", columns, tuple(rows)),),
    )


def _period(desk: Desk, row: dict[str, Any]) -> Period:
    """The page's own period; of a measure told by the quarter alone, the last one that is over."""
    if desk.reading(row["kpi_id"]).is_published or desk.period.kind == "quarter":
        return desk.period
    quarter = period_of("quarter", desk.period.ends_on, desk.period.first_month)
    if quarter.ends_on > desk.period.ends_on:
        quarter = period_of(
            "quarter", quarter.starts_on - timedelta(days=1), desk.period.first_month
        )
    desk.snapshot.load_scorecard([quarter])
    return quarter
