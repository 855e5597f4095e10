"""Coverage: when customers ask, and in which hours of the week somebody answers them soon.

Hours of the week belong here. How long the wait was is told by the speed section.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from orchestration.reviews import charts
from orchestration.reviews.blocks import (
    Block,
    Cell,
    Chart,
    Column,
    Heading,
    Missing,
    Remark,
    Section,
    Sentence,
    Table,
    source_anchor,
)
from orchestration.reviews.charts.maps import Good
from orchestration.reviews.desk import Desk, sentence
from orchestration.reviews.sections.common import of_period, published

HOURS = "kpi_coverage_hours"
KEY = ("period_kind", "period_start_on", "hour_of_week")
OUT_OF_HOURS, THEIR_WAIT = "K17", "K17_frt"
MEASURES = (OUT_OF_HOURS, THEIR_WAIT, "K18", "K18_demand")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: Hours listed in which people asked and nobody wrote.
MOST_GAPS = 10


def build(desk: Desk) -> Section | None:
    """Demand and answers by hour of the week."""
    desk.section = "coverage"
    title = "Around the clock"
    rows = desk.rows(HOURS, of_period(desk), order_by=("hour_of_week",))
    if not rows and not published(desk, MEASURES):
        return None
    blocks: list[Block] = []
    if rows:
        blocks += [
            _map(
                desk,
                rows,
                "coverage",
                "answered_within_1h_share",
                "share",
                "Answered within an hour, by hour of the week",
                "the share of questions of that hour that were answered within an hour",
                "high",
            ),
            _map(
                desk,
                rows,
                "demand",
                "demand_turns",
                "count",
                "Questions, by hour of the week",
                "how many questions began in that hour",
                "none",
            ),
            *_gaps(desk, rows),
        ]
    else:
        blocks.append(Missing("Demand and answers by hour", "nobody asked in the period"))
    measures = published(desk, MEASURES)
    if measures:
        blocks += [
            Heading("Out of hours", "coverage-measures"),
            desk.comparison("Out of hours", measures),
        ]
    return Section("coverage", title, _standfirst(desk), tuple(blocks))


def _standfirst(desk: Desk) -> Sentence:
    if desk.reading(OUT_OF_HOURS).value is None:
        return sentence("When customers ask and when they are answered.")
    parts = sentence(desk.figure(OUT_OF_HOURS), " of first questions came outside business hours")
    if desk.reading(THEIR_WAIT).value is not None:
        parts += sentence(" and waited ", desk.figure(THEIR_WAIT), " on average")
    return parts + sentence(".")


def _map(
    desk: Desk,
    rows: Sequence[dict[str, Any]],
    chart_id: str,
    column: str,
    unit: str,
    title: str,
    words: str,
    good: Good,
) -> Chart:
    found = {(row["iso_weekday"], row["hour_of_day"]): row for row in rows}
    hours = [f"{hour:02d}" for hour in range(24)]
    asked = {place for place, row in found.items() if row["demand_turns"] > 0}
    values = [
        [found[day, hour][column] if (day, hour) in asked else None for hour in range(24)]
        for day in range(1, 8)
    ]
    body = tuple(
        (
            Cell(f"{hour:02d}:00"),
            *(
                Cell(
                    desk.number(HOURS, found[day, hour], column, unit, KEY)
                    if (day, hour) in asked
                    else ""
                )
                for day in range(1, 8)
            ),
        )
        for hour in range(24)
    )
    source = source_anchor(HOURS, column)
    table = Table(
        title,
        (
            Column("From", is_number=False),
            *(Column(day[:3], source=source) for day in WEEKDAYS),
        ),
        body,
        f"Hours of {desk.publication.reporting_zone}; empty where nobody asked.",
    )
    return desk.chart(
        f"hours-{chart_id}",
        title,
        f"A map of weekdays against hours of the day: the darker a cell, the higher {words}.",
        table,
        lambda name, width: charts.heat(
            name, WEEKDAYS, hours, values, unit, good=good, width=width
        ),
        note=f"Hours of {desk.publication.reporting_zone}. An empty frame: nobody asked.",
    )


def _gaps(desk: Desk, rows: Sequence[dict[str, Any]]) -> list[Block]:
    gaps = sorted((row for row in rows if row["is_gap"]), key=lambda row: row["gap_rank"])
    heading = Heading("Hours in which people asked and nobody wrote", "coverage-gaps")
    if not gaps:
        return [heading, Remark("Somebody wrote in every hour of the week in which people asked.")]
    body = tuple(
        (
            Cell(f"{WEEKDAYS[row['iso_weekday'] - 1]}, {row['hour_of_day']:02d}:00"),
            Cell(desk.number(HOURS, row, "demand_turns", "count", KEY)),
            Cell(desk.number(HOURS, row, "answered_within_1h", "count", KEY)),
        )
        for row in gaps[:MOST_GAPS]
    )
    more = len(gaps) - MOST_GAPS
    return [
        heading,
        Table(
            "Hours in which people asked and nobody wrote",
            (
                Column("Hour of the week", is_number=False),
                Column("Questions", source=source_anchor(HOURS, "demand_turns")),
                Column(
                    "Answered within an hour", source=source_anchor(HOURS, "answered_within_1h")
                ),
            ),
            body,
            "Most asked first." + (f" {more} more are not listed." if more > 0 else ""),
        ),
    ]
