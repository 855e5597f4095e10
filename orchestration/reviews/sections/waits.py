"""Waits: how many customers waited how long, and the wait on each network over time.

The distribution behind the mean belongs here, for the speed section to show. The mean itself and
its target are that section's.
"""

from __future__ import annotations

from typing import Any

from orchestration.reviews import charts, wording
from orchestration.reviews.blocks import Cell, Chart, Column, Table, source_anchor
from orchestration.reviews.desk import Desk
from orchestration.reviews.sections.common import of_period

MEAN, MEDIAN, P90, VOLUME = "K04", "K05", "K05_p90", "K03"
BANDS = "kpi_wait_bands"
KEY = ("period_kind", "period_start_on", "slice_kind", "slice_value", "band_number")
#: Networks drawn; the table holds those as well.
MOST_NETWORKS = 8


def distribution(desk: Desk) -> Chart | None:
    """First replies by how long they took, with the target, the median and the 90th percentile."""
    rows = desk.rows(
        BANDS,
        {**of_period(desk), "slice_kind": "overall", "slice_value": "all"},
        order_by=("band_number",),
    )
    if not rows:
        return None
    labels = [_band(row) for row in rows]
    body = tuple(
        (
            Cell(label),
            *(
                Cell(desk.number(BANDS, row, column, unit, KEY))
                for column, unit in (
                    ("waits", "count"),
                    ("wait_share", "share"),
                    ("share_so_far", "share"),
                )
            ),
        )
        for label, row in zip(labels, rows, strict=True)
    )
    title = "How long customers waited for a first reply"
    table = Table(
        title,
        (
            Column("Wait", is_number=False),
            Column("First replies", source=source_anchor(BANDS, "waits")),
            Column("Share", source=source_anchor(BANDS, "wait_share")),
            Column("So long or shorter", source=source_anchor(BANDS, "share_so_far")),
        ),
        body,
    )
    marks = _marks(desk, rows)
    said = ", ".join(words for _, words in marks)
    return desk.chart(
        "reply-waits",
        title,
        "Columns of first replies by the time they took, in bands from a quarter of an hour to "
        f"more than two days{f', with rules at: {said}' if said else ''}.",
        table,
        lambda name, width: charts.distribution(
            name, labels, [row["waits"] for row in rows], marks=marks, width=width
        ),
        note="Bands are not equally wide; a band holds the waits up to its end.",
    )


def _band(row: dict[str, Any]) -> str:
    """`to 4 h`; the last one `longer`."""
    if row["up_to_s"] is None:
        return "longer"
    return f"to {wording.duration(row['up_to_s'] / 3600)}"


def _marks(desk: Desk, rows: list[dict[str, Any]]) -> list[tuple[float, str]]:
    target = desk.reading(MEAN).target_value
    wanted = [] if target is None else [(target, "target")]
    for kpi_id, name in ((MEDIAN, "median"), (P90, "90th pct.")):
        value = desk.reading(kpi_id).value
        if value is not None:
            wanted.append((value, name))
    # From left to right: the words of a rule then cross no rule beside it.
    return [
        (place_of(rows, 3600 * hours), f"{name} {wording.duration(hours)}")
        for hours, name in sorted(wanted)
    ]


def place_of(rows: list[dict[str, Any]], wait_s: float) -> float:
    """Where a wait stands in the drawing, in bands from the left; beyond two days in the last."""
    for place, row in enumerate(rows):
        if row["up_to_s"] is not None and wait_s <= row["up_to_s"]:
            width = row["up_to_s"] - row["longer_than_s"]
            return place + (wait_s - row["longer_than_s"]) / width
    return len(rows) - 0.5


def by_network(desk: Desk) -> Chart | None:
    """A panel a network with the mean over the trend, the busiest networks first."""
    networks = [
        each
        for each in desk.ranked("network", (MEAN, VOLUME), VOLUME)
        if sum(x.value is not None for x in desk.series(MEAN, desk.trend, ("network", each))) > 1
    ][:MOST_NETWORKS]
    if len(networks) < 2:
        return None
    slices = [("network", each) for each in networks]
    names = [desk.name_of(*each) for each in slices]
    series = [
        charts.Line(name, tuple(each.value for each in desk.series(MEAN, desk.trend, slice_)))
        for name, slice_ in zip(names, slices, strict=True)
    ]
    body = tuple(
        (Cell(period.name), *(Cell(desk.show(desk.reading(MEAN, period, each))) for each in slices))
        for period in desk.trend
    )
    title = f"Mean first reply time by network and {desk.grain}, in hours"
    target = desk.reading(MEAN).target_value
    provisional = [desk.reading(MEAN, period).is_provisional for period in desk.trend]
    return desk.chart(
        "reply-by-network",
        title,
        f"A panel a network, all on one scale: its mean wait from {desk.trend[0].name} to "
        f"{desk.trend[-1].name}.",
        Table(
            title,
            (
                Column(desk.grain.capitalize(), is_number=False),
                *(Column(name, kpi_id=MEAN) for name in names),
            ),
            body,
        ),
        lambda name, width: charts.multiples(
            name,
            [each.short_name for each in desk.trend],
            series,
            "hours",
            target=target,
            provisional=provisional,
            width=width,
        ),
        note=""
        if target is None
        else f"The dashed rule is the target of {wording.duration(target)}.",
    )
