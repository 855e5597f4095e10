"""Measures by period and slice, and the table they end in.

Takes facts as arrays (day, slices, amounts) and adds them up for weeks, months and quarters. What
a KPI counts is decided by its caller.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from simulator.zones import PERIOD_KINDS, iso_day, period_start

HEADER = (
    "period_kind",
    "period_start_on",
    "kpi_id",
    "slice_kind",
    "slice_value",
    "value",
    "numerator",
    "denominator",
    "n",
)


@dataclass
class Slices:
    """For each slice (kind, value) the positions of the facts that count in it."""

    size: int
    rows: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def put(self, row: int, kind: str, value: str) -> None:
        """Count a fact in a slice (once)."""
        members = self.rows.setdefault((kind, value), [])
        if not members or members[-1] != row:
            members.append(row)

    def all_rows(self) -> dict[tuple[str, str], np.ndarray]:
        """Positions of the facts of each slice, the overall one first."""
        cells = {("overall", "all"): np.arange(self.size)}
        cells |= {key: np.array(rows, dtype=np.int64) for key, rows in self.rows.items()}
        return cells


@dataclass
class Cube:
    """Collects rows of the truth."""

    cells: list[tuple] = field(default_factory=list)
    period_kinds: tuple[str, ...] = PERIOD_KINDS

    def by_quarter(self) -> Cube:
        """The same table for what is told by the quarter only."""
        return Cube(self.cells, ("quarter",))

    def put(self, kind, start, kpi, key, value, numerator=None, denominator=None, n=None) -> None:
        """One row; None is an empty cell."""
        self.cells.append((kind, int(start), kpi, *key, value, numerator, denominator, n))

    def grouped(self, day: np.ndarray, slices: Slices, keep: np.ndarray):
        """(period kind, period start, slice, positions of its facts) of the facts to keep."""
        for kind in self.period_kinds:
            starts = period_start(day, kind)
            for key, rows in slices.all_rows().items():
                rows = rows[keep[rows]]
                if not len(rows):
                    continue
                order = np.argsort(starts[rows], kind="stable")
                rows = rows[order]
                values, first = np.unique(starts[rows], return_index=True)
                for start, part in zip(values, np.split(rows, first[1:]), strict=True):
                    yield kind, start, key, part

    def count(self, kpi: str, day: np.ndarray, slices: Slices, keep: np.ndarray) -> None:
        """How many facts."""
        for kind, start, key, rows in self.grouped(day, slices, keep):
            self.put(kind, start, kpi, key, len(rows), len(rows), None, len(rows))

    def total(
        self,
        kpi: str,
        day: np.ndarray,
        slices: Slices,
        keep: np.ndarray,
        amount: np.ndarray,
        owner: np.ndarray,
    ) -> None:
        """The sum of an amount; n counts the different owners of the facts."""
        for kind, start, key, rows in self.grouped(day, slices, keep):
            added = amount[rows].sum().item()
            self.put(kind, start, kpi, key, added, added, None, len(np.unique(owner[rows])))

    def ratio(
        self,
        kpi: str,
        day: np.ndarray,
        slices: Slices,
        keep: np.ndarray,
        numerator: np.ndarray,
        denominator: np.ndarray | None = None,
        least: int = 0,
        owner: np.ndarray | None = None,
    ) -> None:
        """A sum over a sum (or over the number of facts); no value below `least` facts.

        With `owner`, n counts the different owners of the facts instead of the facts.
        """
        for kind, start, key, rows in self.grouped(day, slices, keep):
            top = numerator[rows].sum().item()
            bottom = len(rows) if denominator is None else denominator[rows].sum().item()
            value = top / bottom if bottom and len(rows) >= least else None
            n = len(rows) if owner is None else len(np.unique(owner[rows]))
            self.put(kind, start, kpi, key, value, top, bottom, n)

    def quantile(
        self,
        kpi: str,
        day: np.ndarray,
        slices: Slices,
        keep: np.ndarray,
        amount: np.ndarray,
        share: float = 0.5,
    ) -> None:
        """A percentile, interpolated."""
        for kind, start, key, rows in self.grouped(day, slices, keep):
            value = float(np.quantile(amount[rows], share))
            self.put(kind, start, kpi, key, value, None, None, len(rows))

    def write(self, path: Path) -> int:
        """Write the table, sorted; returns the number of rows."""
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = sorted(self.cells, key=lambda row: row[:5])
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEADER)
            for kind, start, *rest in rows:
                writer.writerow(
                    [kind, iso_day(start), *("" if v is None else _text(v) for v in rest)]
                )
        return len(rows)


def _text(value: object) -> str:
    if isinstance(value, float):
        return repr(value)
    return str(value)
