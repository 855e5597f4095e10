"""Tables: KPIs by period, by slice or against each other, and rows of any mart.

What rows, columns and notes a table has belongs here. Its numbers are made in `figures.py`; which
tables a page has is decided in `sections/`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from orchestration.reviews import wording
from orchestration.reviews.blocks import (
    Cell,
    Column,
    Figure,
    Missing,
    Sentence,
    Table,
    source_anchor,
)
from orchestration.reviews.desk.figures import Figures
from orchestration.reviews.periods import Period


class Tables(Figures):
    """Makes tables of scorecard cells and of rows of marts."""

    def trend_table(
        self,
        caption: str,
        kpi_ids: Sequence[str],
        periods: Sequence[Period],
        labels: Sequence[str] = (),
    ) -> Table:
        """The table behind a trend chart: a row per period, a column per KPI."""
        heads = labels or [self.definition(kpi_id).name for kpi_id in kpi_ids]
        rows = []
        for period in periods:
            cells = [Cell(period.name)]
            for kpi_id in kpi_ids:
                reading = self.reading(kpi_id, period)
                note = "provisional" if reading.is_provisional else ""
                cells.append(Cell(self.show(reading), note=note))
            rows.append(tuple(cells))
        columns = (
            Column(periods[0].kind.capitalize(), is_number=False),
            *(Column(head, kpi_id=kpi_id) for head, kpi_id in zip(heads, kpi_ids, strict=True)),
        )
        return Table(caption, columns, tuple(rows))

    def breakdown(
        self,
        caption: str,
        slice_kind: str,
        kpi_ids: Sequence[str],
        labels: Sequence[str],
        *,
        head: str,
        sort_by: str,
        bar: str | None = None,
        descending: bool = True,
        keep_last: Sequence[str] = ("unassigned", "untagged", "Unattributed"),
    ) -> Table | None:
        """A table of KPIs by slice, sorted by one of them, with a bar and a status on another.

        Slices without any value are left out, so are KPIs that are not published by this slice;
        None when nothing remains. Rows in `keep_last` (what could not be assigned) stay at the end
        whatever their value.
        """
        values = self.ranked(slice_kind, kpi_ids, sort_by, descending, keep_last)
        if not values:
            return None
        offered = [
            (kpi_id, label)
            for kpi_id, label in zip(kpi_ids, labels, strict=True)
            if any(self.reading(kpi_id, slice_=(slice_kind, each)).is_published for each in values)
        ]
        bars = [self.reading(bar, slice_=(slice_kind, each)) for each in values] if bar else []
        reach = [abs(each.value) for each in bars if each.value is not None]
        aims = [each.target_value for each in bars if each.target_value is not None]
        longest = max([*reach, *aims], default=0.0)
        rows = []
        for value in values:
            cells = [Cell(self.name_of(slice_kind, value))]
            for kpi_id, _ in offered:
                reading = self.reading(kpi_id, slice_=(slice_kind, value))
                figure = self.show(reading)
                if kpi_id == bar and reading.value is not None and longest > 0:
                    code, _ = self.status(reading)
                    aim = reading.target_value
                    cells.append(
                        Cell(
                            figure,
                            bar=abs(reading.value) / longest,
                            mark=None if aim is None else aim / longest,
                            status=code,
                        )
                    )
                else:
                    cells.append(Cell(figure))
            rows.append(tuple(cells))
        columns = (
            Column(head, is_number=False),
            *(Column(label, kpi_id=kpi_id) for kpi_id, label in offered),
        )
        return Table(caption, columns, tuple(rows))

    def mart_table(
        self,
        caption: str,
        table: str,
        rows: Sequence[Mapping[str, Any]],
        key: Sequence[str],
        *,
        columns: Sequence[tuple[str, str, str]],
        head: tuple[str, str],
        note: str | Sentence = "",
        names: Sequence[str] = (),
        reasons: Mapping[str, str] | None = None,
    ) -> Table:
        """A table with a row per row of a mart.

        Args:
            caption: the title.
            table: the mart in schema `marts`.
            rows: its rows in the order wanted, from `rows`.
            key: the columns whose values name a row.
            columns: (column, label, unit); the unit `text` prints names, days and words,
                `verbatim` text as somebody typed it.
            head: (column, label) of the row heads.
            note: what stands below.
            names: the row heads themselves, where no column holds them.
            reasons: column → why a row may have no number there, as code or words.
        """
        body = []
        for place, row in enumerate(rows):
            cells = [Cell(names[place] if names else self.text_of(head[0], row[head[0]]))]
            for column, _, unit in columns:
                if unit == "text":
                    cells.append(Cell(self.text_of(column, row[column])))
                elif unit == "verbatim":
                    cells.append(Cell(wording.label(str(row[column])) if row[column] else ""))
                else:
                    reason = (reasons or {}).get(column)
                    figure = self.number(table, row, column, unit, key, reason=reason)
                    cells.append(Cell(figure))
            body.append(tuple(cells))
        heads = (
            Column(head[1], is_number=False),
            *(
                Column(label, is_number=False)
                if unit in ("text", "verbatim")
                else Column(label, source=source_anchor(table, column))
                for column, label, unit in columns
            ),
        )
        return Table(caption, heads, tuple(body), note)

    def comparison(self, caption: str, kpi_ids: Sequence[str]) -> Table | Missing:
        """A table with a row per KPI: the period, the one before, a year ago, the target."""
        rows = []
        for kpi_id in kpi_ids:
            reading = self.reading(kpi_id)
            if not reading.is_published:
                continue
            name = self.definition(kpi_id, reading.definition_version).name
            note = "provisional" if reading.is_provisional else ""
            rows.append(
                (
                    Cell(name, kpi_id=kpi_id),
                    Cell(self.show(reading), status=self.status(reading)[0], note=note),
                    Cell(self.show(self.reading(kpi_id, self.previous))),
                    Cell(self.show(self.reading(kpi_id, self.year_ago))),
                    Cell(self.target_words(reading) or "none"),
                )
            )
        if not rows:
            return Missing(caption, wording.null_reason("not_published"))
        notes: list[str | Figure] = []
        for kpi_id in kpi_ids:
            benchmark = self.benchmark(kpi_id, "benchmark")
            if benchmark:
                name = self.definition(kpi_id).name
                notes += [f"Benchmark for {name.lower()}: ", benchmark[0], f". {benchmark[1]}. "]
        columns = (
            Column("Measure", is_number=False),
            Column(self.period.short_name),
            Column(self.previous.short_name),
            Column(self.year_ago.short_name),
            Column("Target", is_number=False),
        )
        return Table(caption, columns, tuple(rows), tuple(notes))
