"""Figures: a number as printed, entered into the ledger of all that is shown.

Every number of a page is made here, so that none escapes the ledger. Where it stands, in a card, a
table or a sentence, is told by who asks for it; what is compared in words is in `changes.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orchestration.reviews import wording
from orchestration.reviews.blocks import Figure
from orchestration.reviews.desk.changes import Changes
from orchestration.reviews.ledger import Ledger
from orchestration.reviews.periods import Period
from orchestration.reviews.serving import OVERALL, Quantity, Reading, Snapshot

#: What of a benchmark's note is printed at most, and what names a row of the targets.
LONGEST_NOTE = 160
KEY_OF_TARGET = ("kpi_id", "kind", "slice_kind", "slice_value", "valid_from_on")


class Figures(Changes):
    """Hands out numbers and remembers each, under the section that is being written."""

    def __init__(self, snapshot: Snapshot, period: Period) -> None:
        super().__init__(snapshot, period)
        self.section = ""
        self.ledger = Ledger()

    def show(self, reading: Reading, style: str = "table", section: str = "") -> Figure:
        """A reading as printed; it is entered into the list of numbers shown."""
        definition = self.definition(reading.kpi_id, reading.definition_version)
        if reading.value is None:
            text, reason = wording.NOT_AVAILABLE, wording.null_reason(reading.null_reason)
        else:
            text, reason = wording.number(reading.value, definition.unit, style), ""
        self.ledger.enter(section or self.section, reading, text)
        return Figure(reading, text, reason)

    def number(
        self,
        table: str,
        row: Mapping[str, Any],
        column: str,
        unit: str,
        key: Sequence[str],
        *,
        reason: str | None = None,
        style: str = "table",
    ) -> Figure:
        """A number of any mart as printed; it is entered into the list of numbers shown.

        Args:
            table: the mart in schema `marts`.
            row: the row it stands in, from `rows`.
            column: the column it stands in.
            unit: a unit as the definitions of KPIs spell it.
            key: the columns whose values name the row.
            reason: why there is no value, as code or words; the row's `null_reason` without it.
            style: `table` or `prose`.
        """
        value = None if row[column] is None else float(row[column])
        code = reason or row.get("null_reason")
        found = Quantity(
            table=table,
            column=column,
            key=tuple((name, row[name]) for name in key),
            value=value,
            unit=unit,
            null_reason=str(code) if value is None and code else None,
            is_provisional=bool(row.get("is_provisional")),
        )
        if value is None:
            text, words = wording.NOT_AVAILABLE, wording.null_reason(found.null_reason)
        else:
            text, words = wording.number(value, unit, style), ""
        self.ledger.enter(self.section, found, text)
        return Figure(found, text, words)

    def figure(
        self,
        kpi_id: str,
        period: Period | None = None,
        slice_: tuple[str, str] = OVERALL,
        style: str = "prose",
    ) -> Figure:
        """A KPI as printed in a sentence (or a table, by `style`)."""
        return self.show(self.reading(kpi_id, period, slice_), style)

    def benchmark(self, kpi_id: str, kind: str) -> tuple[Figure, str] | None:
        """Value and note of a KPI's overall `baseline` or `benchmark` in force, if there is one."""
        for row in self._targets:
            begins, ends = row.get("valid_from_on"), row.get("valid_to_on")
            if (
                row.get("kpi_id") == kpi_id
                and row.get("kind") == kind
                and row.get("slice_kind") in (None, "overall")
                and row.get("target_value") is not None
                and (begins is None or begins <= self.period.ends_on)
                and (ends is None or ends > self.period.ends_on)
            ):
                unit = self.definition(kpi_id).unit
                figure = self.number(
                    "kpi_targets", row, "target_value", unit, KEY_OF_TARGET, style="prose"
                )
                return figure, wording.trimmed(str(row.get("note") or ""), LONGEST_NOTE)
        return None
