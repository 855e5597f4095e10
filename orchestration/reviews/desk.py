"""The desk a review is written at: picks scorecard cells and turns them into blocks.

Everything weekly, monthly and quarterly pages have in common belongs here: figures, changes,
cards, breakdown tables, trend tables, and the ledger of every number that was shown. What a page
contains is decided in `sections/` and in the module of the page.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

from orchestration.reviews import charts, wording
from orchestration.reviews.blocks import (
    Card,
    Cell,
    Change,
    Chart,
    Column,
    DefinitionEntry,
    Figure,
    Missing,
    Sentence,
    SourceEntry,
    Table,
    source_anchor,
)
from orchestration.reviews.ledger import SPARKS, Ledger, Shown, query
from orchestration.reviews.periods import (
    Period,
    month_of,
    months_up_to,
    shifted,
    up_to,
    year_before,
)
from orchestration.reviews.serving import (
    OVERALL,
    WORDS_OF_DEFINITION,
    Definition,
    Quantity,
    Reading,
    Snapshot,
)

#: Two-sided 95 % quantile of the standard normal distribution.
Z95 = 1.959963984540054

#: What the trends of a page go by, how many of these they show, and how many of them the page is
#: about. Quarters and months reach back to the same one a year before, weeks a quarter of a year.
TRENDS = {"quarter": ("month", 15, 3), "month": ("month", 13, 1), "week": ("week", 13, 1)}

#: What of a definition's words is printed at most.
LONGEST_WORDS = 800
#: What of a benchmark's note is printed at most, and what names a row of the targets.
LONGEST_NOTE = 160
KEY_OF_TARGET = ("kpi_id", "kind", "slice_kind", "slice_value", "valid_from_on")

#: What a card draws of a measure that has no trend by `TRENDS`: periods of the page's own kind.
PERIODS_OF_CARD = 5


def wilson(successes: float, n: float) -> tuple[float, float]:
    """Wilson 95 % interval of a share; ValueError without observations.

    Source: Wilson (1927); test vector 8 of 10 → 0.490 to 0.943.
    """
    if n <= 0:
        raise ValueError("an interval needs at least one observation")
    share = successes / n
    scale = 1 + Z95**2 / n
    centre = (share + Z95**2 / (2 * n)) / scale
    half = Z95 * math.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2)) / scale
    return max(0.0, centre - half), min(1.0, centre + half)


@dataclass(frozen=True)
class Marks:
    """What is marked in a trend: periods that are provisional, and those that count anew.

    `breaks` are positions of periods whose figures mean something else than those before.
    """

    provisional: tuple[bool, ...] = ()
    breaks: tuple[int, ...] = ()

    @classmethod
    def of(cls, table: Table) -> Marks:
        """The marks of a table with a row per period."""
        readings = [
            [
                cell.content.reading
                for cell in row
                if isinstance(cell.content, Figure) and isinstance(cell.content.reading, Reading)
            ]
            for row in table.rows
        ]
        return cls(
            tuple(any(each.is_provisional for each in row) for row in readings),
            tuple(
                place
                for place, (before, row) in enumerate(pairwise(readings), start=1)
                if any(_is_break(old, new) for old, new in zip(before, row, strict=False))
            ),
        )

    def fitting(self, periods: Sequence[Period]) -> dict[str, Any]:
        """The marks as arguments of a chart over periods; none when they are of another table."""
        if len(self.provisional) != len(periods):
            return {}
        return {"provisional": self.provisional, "breaks": self.breaks}

    @property
    def words(self) -> str:
        """What the marks mean, for below the chart."""
        said = []
        if any(self.provisional):
            said.append("Hatched: provisional, the figures may still move.")
        if self.breaks:
            said.append("A dotted rule stands where a definition changed.")
        return " ".join(said)


def _is_break(old: Reading, new: Reading) -> bool:
    if old.value is None or new.value is None or old.period_start_on == new.period_start_on:
        return False
    if (old.kpi_id, old.slice_kind, old.slice_value) != (
        new.kpi_id,
        new.slice_kind,
        new.slice_value,
    ):
        return False
    return not new.is_previous_comparable or old.definition_version != new.definition_version


class Desk:
    """Makes blocks from one snapshot for one period, and remembers every number it hands out."""

    def __init__(self, snapshot: Snapshot, period: Period) -> None:
        self.snapshot = snapshot
        self.period = period
        self.previous = shifted(period, -1)
        self.year_ago = year_before(period)
        self.grain, length, self.highlighted = TRENDS[period.kind]
        ends = up_to if self.grain == period.kind else months_up_to
        self.trend: tuple[Period, ...] = ends(period, length)
        # The month a week ends in: some measures have their target by the month only.
        self.month = month_of(period.ends_on, period.first_month)
        snapshot.load_scorecard(
            [*self.trend, *up_to(period, PERIODS_OF_CARD), self.year_ago, self.month]
        )
        self.publication = snapshot.publication()
        self.section = ""
        self.ledger = Ledger()
        self._marks = Marks()
        self.all_definitions = [_cleaned(each) for each in snapshot.definitions()]
        self._definitions = _in_force(self.all_definitions, period.ends_on)
        self._versions = {(each.kpi_id, each.version): each for each in self.all_definitions}
        self._targets = snapshot.targets()
        self._names = {
            "network": snapshot.names("dim_network", "network", "network_name"),
            "brand": snapshot.names("dim_brand", "brand", "brand_name"),
            "campaign": snapshot.names("dim_campaign", "campaign", "campaign_name"),
        }

    # -- looking up --------------------------------------------------------------------------

    def definition(self, kpi_id: str, version: str | None = None) -> Definition:
        """The definition of a KPI: the version asked for, else the one in force."""
        found = self._versions.get((kpi_id, version or ""))
        return found or self._definitions.get(kpi_id) or Definition(kpi_id, name=kpi_id)

    def reading(
        self, kpi_id: str, period: Period | None = None, slice_: tuple[str, str] = OVERALL
    ) -> Reading:
        """A scorecard cell without showing it."""
        return self.snapshot.reading(kpi_id, period or self.period, *slice_)

    def rows(
        self,
        table: str,
        where: Mapping[str, Any] | None = None,
        *,
        order_by: Sequence[str] = (),
        limit: int | None = None,
    ) -> list[dict[str, Any]]:
        """Rows of `marts.<table>` as dictionaries: see `Snapshot.rows_where`.

        `where` maps columns to a value or a list of values; `order_by` names columns, with a minus
        before those that fall. There are no rows when there is no such table.
        """
        return self.snapshot.rows_where(table, where or {}, order_by, limit)

    def name_of(self, slice_kind: str, slice_value: str) -> str:
        """A slice value as a reader would write it."""
        known = self._names.get(slice_kind, {}).get(slice_value)
        return wording.label(known) if known else wording.label(wording.plain(slice_value))

    def text_of(self, column: str, value: Any) -> str:
        """A value of a mart that is no number, as a reader would write it: name, day or words."""
        if value is None:
            return ""
        if isinstance(value, date):
            return wording.day(value)
        text = str(value)
        return self.name_of(column, text) if wording.is_code(text) else wording.label(text)

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

    # -- figures -----------------------------------------------------------------------------

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

    def change(self, reading: Reading, other: Period, style: str = "prose") -> Change:
        """The change of a reading against the same KPI and slice in another period.

        Across a change of definition, ours or a network's, nothing is compared; the change says so
        instead.
        """
        definition = self.definition(reading.kpi_id, reading.definition_version)
        before = self.snapshot.reading(
            reading.kpi_id, other, reading.slice_kind, reading.slice_value
        )
        old = before.value
        if old is None and not before.is_published:
            known = {self.previous: reading.previous_value, self.year_ago: reading.year_ago_value}
            old = known.get(other)
        against = other.short_name
        if reading.value is None:
            return Change(wording.NOT_AVAILABLE, against)
        if old is None:
            reason = before.null_reason if before.is_published else "no_previous"
            return Change(wording.NOT_AVAILABLE, against, note=wording.null_reason(reason))
        if (
            before.definition_version is not None
            and reading.definition_version is not None
            and before.definition_version != reading.definition_version
        ):
            return Change(wording.NOT_AVAILABLE, against, note="the definition changed")
        is_comparable = {
            self.previous: reading.is_previous_comparable,
            self.year_ago: reading.is_year_ago_comparable,
        }
        if not is_comparable.get(other, True):
            return Change(
                wording.NOT_AVAILABLE, against, note="a network changed what it counts in between"
            )
        text = wording.difference(reading.value, old, definition.unit, style)
        verdict = (
            "" if text == "no change" else wording.verdict(reading.value, old, definition.direction)
        )
        return Change(text, against, verdict)

    def status(self, reading: Reading) -> tuple[str, str]:
        """Status code and words. Without a target there is no status to show."""
        if reading.target_value is None and reading.status in (None, "grey"):
            return ("", "")
        code = reading.status if reading.status in wording.STATUS_WORDS else "grey"
        if reading.value is None:
            code = "grey"
        return code, wording.status(code)

    def target_words(self, reading: Reading) -> str:
        """The target of a reading in words; empty without one."""
        if reading.target_value is None:
            return ""
        definition = self.definition(reading.kpi_id, reading.definition_version)
        return wording.target(reading.target_value, definition.unit, definition.direction)

    # -- blocks ------------------------------------------------------------------------------

    def card(self, kpi_id: str, *, is_lead: bool = False) -> Card:
        """A headline card of the period with changes, target, status and a small trend."""
        reading = self.reading(kpi_id)
        definition = self.definition(kpi_id, reading.definition_version)
        code, words = self.status(reading)
        trend: Sequence[Period] = self.trend
        values = [self.reading(kpi_id, each).value for each in trend]
        if sum(value is not None for value in values) < 2:
            trend = up_to(self.period, PERIODS_OF_CARD)
            values = [self.reading(kpi_id, each).value for each in trend]
        first = next((place for place, value in enumerate(values) if value is not None), 0)
        trend, values = trend[first:], values[first:]
        known = [
            (period, value)
            for period, value in zip(trend, values, strict=True)
            if value is not None
        ]
        target = self.reading(kpi_id, trend[-1]).target_value
        spark_words = spark_span = ""
        if len(known) > 1:
            span = max(value for _, value in known) - min(value for _, value in known)
            if target is not None and abs(target - known[-1][1]) > 3 * (span or 1):
                target = None
            first, last = known[0], known[-1]
            spark_words = (
                f"From {wording.number(first[1], definition.unit)} in {first[0].in_words} "
                f"to {wording.number(last[1], definition.unit)} in {last[0].in_words}"
            )
            spark_span = f"{first[0].short_name} to {last[0].short_name}"
        figure = self.show(reading, "prose")
        for period in trend:
            if self.reading(kpi_id, period).value is not None:
                self.show(self.reading(kpi_id, period), section=SPARKS)
        return Card(
            figure=figure,
            name=definition.name,
            status=code,
            status_words=words,
            target=self.target_words(reading) or self._monthly_target(kpi_id),
            changes=(self.change(reading, self.previous), self.change(reading, self.year_ago)),
            is_lead=is_lead,
            spark=charts.spark(values, target=target),
            spark_span=spark_span,
            spark_words=spark_words,
        )

    def _monthly_target(self, kpi_id: str) -> str:
        """For a KPI with a target by month only: the target and in how many months it was met."""
        is_by_month = any(
            (row.get("kpi_id"), row.get("kind"), row.get("period_kind"))
            == (kpi_id, "target", "month")
            for row in self._targets
        )
        if self.period.kind != "quarter" or not is_by_month:
            return ""
        months = [self.reading(kpi_id, month) for month in self.own_trend]
        known = [each for each in months if None not in (each.value, each.target_value)]
        if not known:
            return ""
        met = sum(each.status == "green" for each in known)
        return f"{self.target_words(known[-1])} a month, met in {met} of {len(known)}"

    def series(
        self, kpi_id: str, periods: Iterable[Period], slice_: tuple[str, str] = OVERALL
    ) -> list[Reading]:
        """The readings of one KPI over periods."""
        return [self.reading(kpi_id, period, slice_) for period in periods]

    @property
    def own_trend(self) -> tuple[Period, ...]:
        """The periods of the trend that the page is about."""
        return self.trend[-self.highlighted :]

    def trend_of(self, kpi_ids: Sequence[str]) -> tuple[Period, ...]:
        """The periods of the trend, from the first in which any of the KPIs has a value.

        Empty when fewer than two have one: a single point is no trend.
        """
        covered = [
            place
            for place, each in enumerate(self.trend)
            if any(self.reading(kpi_id, each).value is not None for kpi_id in kpi_ids)
        ]
        return self.trend[covered[0] :] if len(covered) > 1 else ()

    def no_trend(self, what: str) -> Missing:
        """The block in place of a trend chart that would have fewer than two points."""
        return Missing(what, f"fewer than two {self.grain}s have a value")

    @property
    def own_band(self) -> str:
        """What the band in a chart means: `The shaded months are this quarter.`"""
        if self.highlighted > 1:
            return f"The shaded {self.grain}s are this {self.period.kind}."
        return f"The shaded {self.grain} is this one."

    @property
    def own_marks(self) -> str:
        """The page's own columns in a chart's description: `this quarter's months are darker`."""
        if self.highlighted > 1:
            return f"this {self.period.kind}'s {self.grain}s are darker"
        return f"this {self.grain} is darker"

    def why_missing(self, kpi_id: str) -> str:
        """Why the period has no value of a KPI, in words."""
        return wording.null_reason(self.reading(kpi_id).null_reason)

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

    def ranked(
        self,
        slice_kind: str,
        kpi_ids: Sequence[str],
        sort_by: str,
        descending: bool = True,
        keep_last: Sequence[str] = (),
    ) -> list[str]:
        """Slice values that have any of the KPIs, best or worst first by one, names break ties."""

        def order(value: str) -> tuple[Any, ...]:
            number = self.reading(sort_by, slice_=(slice_kind, value)).value
            signed = 0.0 if number is None else -number if descending else number
            return (value in keep_last, number is None, signed, value)

        found = [
            value
            for value in self.snapshot.slice_values(kpi_ids, self.period, slice_kind)
            if any(self.reading(each, slice_=(slice_kind, value)).value for each in kpi_ids)
        ]
        return sorted(found, key=order)

    def chart(
        self,
        chart_id: str,
        title: str,
        description: str,
        table: Table,
        draw: Callable[[str, int], str],
        note: str = "",
        widths: tuple[int, int] = (charts.WIDE, charts.NARROW),
    ) -> Chart:
        """A chart drawn for a wide and a narrow page, with its table.

        Where the rows of the table are the periods of a trend, `lines` and `columns` mark those
        that are provisional and those before which a definition changed.
        """
        self._marks = marks = Marks.of(table)
        wide = draw(f"{chart_id}-w", widths[0])
        narrow = wide if widths[0] == widths[1] else draw(f"{chart_id}-n", widths[1])
        self._marks = Marks()
        return Chart(
            chart_id=chart_id,
            title=title,
            description=description,
            wide=wide,
            narrow="" if narrow is wide else narrow,
            table=table,
            note=" ".join(filter(None, (note, marks.words))),
        )

    def columns(
        self,
        name: str,
        periods: Sequence[Period],
        values: Sequence[float | None],
        **how: Any,
    ) -> str:
        """Columns of counts over periods of the trend; the page's own stand out."""
        names = [each.short_name for each in periods]
        how = {**self._marks.fitting(periods), "highlighted": self.highlighted, **how}
        return charts.columns(name, names, values, "count", **how)

    def lines(
        self,
        name: str,
        periods: Sequence[Period],
        series: Sequence[charts.Line],
        unit: str,
        **how: Any,
    ) -> str:
        """Lines over periods of the trend, with a band behind the page's own."""
        names = [each.short_name for each in periods]
        how = {**self._marks.fitting(periods), "highlighted": self.highlighted, **how}
        return charts.lines(name, names, series, unit, **how)

    def single(self, kpi_id: str, chart_id: str, title: str) -> Chart | Missing:
        """A chart of one KPI over the trend, half a page wide: columns of counts, else a line."""
        periods = self.trend_of([kpi_id])
        if not periods:
            return self.no_trend(title)
        definition = self.definition(kpi_id)
        values = tuple(each.value for each in self.series(kpi_id, periods))
        is_count = definition.unit == "count"

        def draw(name: str, width: int) -> str:
            how = {"width": width, "height": 240}
            if is_count:
                return self.columns(name, periods, values, **how)
            series = [charts.Line(definition.name, values)]
            return self.lines(name, periods, series, definition.unit, from_zero=False, **how)

        return self.chart(
            chart_id,
            title,
            f"{'Columns' if is_count else 'A line'} of {definition.name.lower()}, "
            f"{periods[0].name} to {periods[-1].name}.",
            self.trend_table(title, [kpi_id], periods),
            draw,
            note="" if is_count else "The axis does not start at zero.",
            widths=(390, 390),
        )

    # -- the dictionary ----------------------------------------------------------------------

    def entries(self) -> tuple[DefinitionEntry, ...]:
        """A definition entry for every KPI shown so far, in order of id."""
        found = []
        cells = self.ledger.cells
        for kpi_id in sorted({each.reading.kpi_id for each in cells}):
            reading = self.reading(kpi_id)
            own = [each for each in cells if each.reading.kpi_id == kpi_id]
            is_own = any(each.reading.period_kind == self.period.kind for each in own)
            if not (reading.is_published and is_own):
                reading = next((each.reading for each in own if each.reading.is_published), reading)
            definition = self.definition(kpi_id, reading.definition_version)
            known = self.ledger.find(reading)
            found.append(
                DefinitionEntry(
                    definition=definition,
                    target=self.target_words(reading),
                    unit=wording.unit_name(definition.unit),
                    query=query(reading),
                    figure=None if known is None else Figure(known.reading, known.text),
                )
            )
        return tuple(found)

    def sources(self) -> tuple[SourceEntry, ...]:
        """An entry for every column of another mart that numbers were shown of, in order."""
        first: dict[tuple[str, str], Shown] = {}
        for each in self.ledger.quantities:
            first.setdefault((each.reading.table, each.reading.column), each)
        comments = {table: self.snapshot.comments(table) for table in {key[0] for key in first}}
        return tuple(
            SourceEntry(
                table=table,
                column=column,
                meaning=comments[table].get(column, ""),
                table_meaning=comments[table].get("", ""),
                unit=wording.unit_name(each.reading.unit),
                query=query(each.reading),
                figure=Figure(each.reading, each.text),
            )
            for (table, column), each in sorted(first.items())
        )


def sentence(*parts: str | Figure | Iterable[str | Figure]) -> Sentence:
    """Parts in order as one sentence; nested sequences are flattened."""
    flat: list[str | Figure] = []
    for part in parts:
        if isinstance(part, (str, Figure)):
            flat.append(part)
        else:
            flat.extend(part)
    return tuple(flat)


def enumerated(groups: Sequence[Sentence], last: str = "and") -> Sentence:
    """Sentences joined as `a, b and c`; without a last word as `a, b, c`."""
    parts: list[str | Figure] = []
    for index, group in enumerate(groups):
        if index:
            parts.append(f" {last} " if last and index == len(groups) - 1 else ", ")
        parts.extend(group)
    return tuple(parts)


def _cleaned(definition: Definition) -> Definition:
    """A definition with its words on one line each, and of a bearable length."""
    words = {
        name: wording.trimmed(getattr(definition, name), LONGEST_WORDS)
        for name in WORDS_OF_DEFINITION
    }
    return replace(definition, name=wording.label(definition.name), **words)


def _in_force(definitions: Iterable[Definition], day: date) -> dict[str, Definition]:
    """The last version of each definition that was valid on a day, else the earliest."""
    found: dict[str, Definition] = {}
    for each in definitions:
        starts = each.valid_from_on
        if each.kpi_id not in found or starts is None or starts <= day:
            found[each.kpi_id] = each
    return found
