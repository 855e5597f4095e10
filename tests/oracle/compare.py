"""Where the warehouse and the oracle say different things.

Rows are compared by key, column by column, and cells by KPI, period and slice. Which of the two is
right does not show here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """One value that differs; the row it is in belongs to a profile, and so to a world."""

    table: str
    row: str
    column: str
    found: Any
    expected: Any
    profile: str | None = None

    def __str__(self) -> str:
        return (
            f"{self.table}.{self.column} of {self.row}:"
            f" the warehouse says {_show(self.found)}, the oracle {_show(self.expected)}"
        )


def differing_rows(
    table: str, key: str, found: Iterable[Row], expected: Iterable[Row]
) -> list[Difference]:
    """Rows on one side only, and values that differ in the columns the oracle works out."""
    found = list(found)
    found_by = {row[key]: row for row in found}
    expected_by = {row[key]: row for row in expected}
    differences = [
        Difference(table, name, "(rows)", times, 1, found_by[name].get("profile_key"))
        for name, times in Counter(row[key] for row in found).items()
        if times > 1
    ]
    for name in sorted(found_by.keys() | expected_by.keys(), key=str):
        mine, theirs = expected_by.get(name), found_by.get(name)
        profile = (mine or theirs).get("profile_key")
        if mine is None or theirs is None:
            here = {"found": bool(theirs), "expected": bool(mine)}
            differences.append(Difference(table, name, "(row)", **here, profile=profile))
            continue
        for column, value in mine.items():
            assert column in theirs, f"{table} has no column {column}"
            if not same(theirs[column], value):
                differences.append(Difference(table, name, column, theirs[column], value, profile))
    return differences


CELL = ("period_kind", "period_start_on", "kpi_id", "slice_kind", "slice_value")


def differing_cells(found: Iterable[Row], expected: Iterable[Row]) -> list[Difference]:
    """Cells that differ; one that only the warehouse has must say zero or nothing.

    Only KPIs that the oracle knows are compared.
    """
    expected_by = {tuple(row[name] for name in CELL): row for row in expected}
    kpis = {row["kpi_id"] for row in expected_by.values()}
    found_by = {tuple(row[name] for name in CELL): row for row in found if row["kpi_id"] in kpis}
    differences = []
    for name in sorted(found_by.keys() | expected_by.keys(), key=str):
        mine, theirs = expected_by.get(name, {}), found_by.get(name, {})
        label = " ".join(map(str, name))
        for column in ("value", "numerator", "denominator", "n"):
            value, other = mine.get(column), theirs.get(column)
            if not (value or other) or (column != "value" and other is None):
                continue
            if not same(other, value):
                differences.append(Difference(name[2], label, column, other, value))
    return differences


def same(found: Any, expected: Any) -> bool:
    """Equal; numbers may differ by rounding."""
    if found is None or expected is None:
        return found is expected
    if isinstance(expected, bool | str | date | datetime):
        return found == expected
    return abs(found - expected) <= 1e-9 * max(1, abs(expected))


def _show(value: Any) -> str:
    return str(value) if isinstance(value, date | datetime) else repr(value)
