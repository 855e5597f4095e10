"""Waits: how many customers waited how long, and the wait on each network over time.

The distribution behind the mean belongs here, for the speed section to show. The mean itself and
its target are that section's.
"""

from __future__ import annotations

from typing import Any

from orchestration.reviews import charts, wording
from orchestration.reviews.blocks import Cell, Chart, Column, Missing, Table, source_anchor
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


def by_network(desk: Desk) -> Chart | Missing | None:
    """A panel a network with the mean over the trend, the busiest networks first."""
    networks = [
        each
        for each in desk.ranked("network", (MEAN, VOLUME), VOLUME)
        if sum(x.value is not None for x in desk.series(MEAN, desk.trend, ("network", each))) > 1
    ][:MOST_NETWORKS]
    if len(networks) < 2:
        return None
    target = desk.reading(MEAN).target_value
    rule = "" if target is None else wording.duration(target)
    return desk.panels(
        MEAN,
        [("network", each) for each in networks],
        "reply-by-network",
        f"Mean first reply time by network and {desk.grain}, in hours",
        "its mean wait",
        desk.trend,
        note=f"The dashed rule is the target of {rule}." if rule else "",
        target=target,
        provisional=[desk.reading(MEAN, period).is_provisional for period in desk.trend],
    )
