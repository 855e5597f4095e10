"""Journeys: the paths of visits that led to a conversion.

The paths of a quarter belong here. Which channel is credited for them is the attribution section's.
"""

from __future__ import annotations

from typing import Any

from orchestration.reviews import charts, wording
from orchestration.reviews.blocks import Block, Cell, Column, Missing, Prose, Section, Table
from orchestration.reviews.desk import Desk, sentence
from orchestration.reviews.sections.attribution import channel_name

JOURNEYS = "kpi_journeys"
KEY = ("quarter_start_on", "place")
NO_VISIT, OTHERS = "(no visit)", "(other paths)"
MOST_PATHS = 12


def build(desk: Desk) -> Section | None:
    """The journeys of the quarter; None for other periods and without conversions."""
    desk.section = "journeys"
    title = "The way to a conversion"
    rows = desk.rows(JOURNEYS, {"quarter_start_on": desk.period.starts_on}, order_by=("place",))
    if desk.period.kind != "quarter" or not rows:
        return None
    paths = [row for row in rows if row["channel_path"] not in (NO_VISIT, OTHERS)]
    if not paths:
        return Section("journeys", title, (), (Missing(title, "no conversion has a visit"),))
    blocks: list[Block] = [_chart(desk, paths[:MOST_PATHS])]
    rest = _rest(desk, rows)
    if rest is not None:
        blocks.append(rest)
    longer = [row for row in paths if len(_steps(desk, row)) > 1]
    standfirst = sentence(
        "The path that led to most conversions, ",
        desk.number(JOURNEYS, paths[0], "conversions", "count", KEY),
        f", was {', then '.join(_steps(desk, paths[0]))}.",
    )
    if longer:
        standfirst += sentence(
            " The most frequent one with more than one step, ",
            desk.number(JOURNEYS, longer[0], "conversions", "count", KEY),
            f" conversions, was {', then '.join(_steps(desk, longer[0]))}.",
        )
    return Section("journeys", title, standfirst, tuple(blocks))


def _steps(desk: Desk, row: dict[str, Any]) -> list[str]:
    """`Organic Social: x > Paid Search` as names of steps."""
    steps = []
    for each in str(row["channel_path"]).split(" > "):
        group, _, network = each.partition(": ")
        steps.append(channel_name(desk, group, network))
    return steps


def _chart(desk: Desk, rows: list[dict[str, Any]]) -> Any:
    drawn = [(_steps(desk, row), float(row["conversions"])) for row in rows]
    body = tuple(
        (
            Cell(" → ".join(steps)),
            *(
                Cell(desk.number(JOURNEYS, row, column, unit, KEY))
                for column, unit in (
                    ("conversions", "count"),
                    ("conversion_share", "share"),
                    ("revenue", "money"),
                )
            ),
        )
        for (steps, _), row in zip(drawn, rows, strict=True)
    )
    columns = (
        Column("Path", is_number=False),
        Column("Conversions"),
        Column("Share of all"),
        Column("Revenue"),
    )
    title = "Paths to a conversion"
    return desk.chart(
        "journeys-paths",
        title,
        f"The {wording.small(len(rows))} most frequent paths of visits, first step at the left; "
        "the number is that of conversions.",
        Table(title, columns, body),
        lambda name, width: charts.paths(name, drawn, "count", width=width),
        note="A step is a channel; visits in a row from the same one are one step.",
    )


def _rest(desk: Desk, rows: list[dict[str, Any]]) -> Prose | None:
    found = {row["channel_path"]: row for row in rows}
    parts = ()
    if NO_VISIT in found:
        parts += sentence(
            desk.number(JOURNEYS, found[NO_VISIT], "conversions", "count", KEY),
            " conversions have no visit we know of: people who did not consent, or who bought "
            "without the website. ",
        )
    if OTHERS in found:
        parts += sentence(
            "Paths that too few people took to be told apart led to ",
            desk.number(JOURNEYS, found[OTHERS], "conversions", "count", KEY),
            " more.",
        )
    return Prose(parts) if parts else None
