"""Charts with the tables behind them, and what is marked in those over periods.

Widths, marks and the words below a chart belong here. Drawing is the job of
`orchestration/reviews/charts/`; which charts a page has is decided in `sections/`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from orchestration.reviews import charts
from orchestration.reviews.blocks import Cell, Chart, Column, Figure, Missing, Table
from orchestration.reviews.desk.tables import Tables
from orchestration.reviews.periods import Period
from orchestration.reviews.serving import Reading, Snapshot


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


class Charts(Tables):
    """Draws charts over the trend of a page, and any other with its table."""

    def __init__(self, snapshot: Snapshot, period: Period) -> None:
        super().__init__(snapshot, period)
        self._marks = Marks()

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

    def panels(
        self,
        kpi_id: str,
        slices: Sequence[tuple[str, str]],
        chart_id: str,
        title: str,
        what: str,
        periods: Sequence[Period] = (),
        note: str = "",
        **how: Any,
    ) -> Chart | Missing:
        """A panel a slice with one KPI over periods, all on one scale.

        Args:
            kpi_id: what is drawn.
            slices: whose panels there are, all of one kind, in their order.
            chart_id: id of the chart on the page.
            title: of the chart and of its table.
            what: what a panel shows, for the description: `its share`.
            periods: those drawn; without them the trend, from the first in which a slice has a
                value, if two or more have one.
            note: below the chart.
            how: further arguments of `charts.multiples`.
        """
        if not periods:
            covered = [
                place
                for place, period in enumerate(self.trend)
                if any(self.reading(kpi_id, period, each).value is not None for each in slices)
            ]
            if len(covered) < 2:
                return self.no_trend(title)
            periods = self.trend[covered[0] :]
        names = [self.name_of(*each) for each in slices]
        unit = self.definition(kpi_id).unit
        series = [
            charts.Line(name, tuple(each.value for each in self.series(kpi_id, periods, slice_)))
            for name, slice_ in zip(names, slices, strict=True)
        ]
        rows = tuple(
            (
                Cell(period.name),
                *(Cell(self.show(self.reading(kpi_id, period, each))) for each in slices),
            )
            for period in periods
        )
        columns = (
            Column(self.grain.capitalize(), is_number=False),
            *(Column(name, kpi_id=kpi_id) for name in names),
        )
        return self.chart(
            chart_id,
            title,
            f"A panel a {slices[0][0]}, all on one scale: {what} from {periods[0].name} to "
            f"{periods[-1].name}.",
            Table(title, columns, rows),
            lambda name, width: charts.multiples(
                name, [each.short_name for each in periods], series, unit, width=width, **how
            ),
            note=note,
        )

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
